/* --encoder-command and what goes with it: a text encoder that is a program of the user's.  Only
 * the user names it, on the command line or in HUBSCOPE_ENCODER_COMMAND, never a collection. */
#ifndef HUBSCOPE_APP_ENCODER_CHOICE_H
#define HUBSCOPE_APP_ENCODER_CHOICE_H

#include "app/options.h"
#include "engine/collection/collection.h"

/* Fills `command`, whose text is borrowed; false where none is named. */
bool encoder_named(const struct options *options, struct encoder_command *command);

/* Gives the collection the named program for an encoder, in place of its own; does nothing where
 * none is named. */
int encoder_choose(const struct options *options, struct collection *collection,
                   struct error *error);

#endif
