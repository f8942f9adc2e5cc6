/* --encoder-command and what goes with it: a text encoder that is a program of the user's.  Only the user names it, on
 * the command line or in HUBSCOPE_ENCODER_COMMAND, never a collection. */
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

/* Fills `command`, whose text is borrowed; false where none is named. */
bool encoder_options_command(const struct encoder_options *options, struct encoder_command *command);

/* Gives the collection the named program for an encoder, in place of its own; does nothing where none is named. */
int encoder_options_apply(const struct encoder_options *options, struct collection *collection, struct error *error);

#endif
