/* --encoder-command and its options: a program of the user's as text encoder.  Only the user names it, on the command
 * line or in HUBSCOPE_ENCODER_COMMAND, never a collection. */
#ifndef HUBSCOPE_APP_ENCODER_OPTIONS_H
#define HUBSCOPE_APP_ENCODER_OPTIONS_H

#include "app/options.h"
#include "engine/collection/collection.h"

struct encoder_options {
    const char *command;
    int output;            /* enum encoder_output */
    double timeout, start; /* seconds; 0: not given */
};

extern const struct option_group encoder_group;

/* Fills `command`, whose text is borrowed; false if none is named. */
bool encoder_options_command(const struct encoder_options *options, struct encoder_command *command);

/* Replaces the first model's encoder with the named program, and gives it to models made by heads over it that have no
 * encoder of their own; does nothing if none is named.  -1 on failure. */
int encoder_options_apply(const struct encoder_options *options, struct collection *collection, struct error *error);

#endif
