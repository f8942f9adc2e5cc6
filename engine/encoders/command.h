/* The encoder that is a user's program: see command_options.h. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_COMMAND_H
#define HUBSCOPE_ENGINE_ENCODERS_COMMAND_H

#include "engine/encoders/command_options.h"
#include "engine/encoders/kind.h"

/* Never opened from a folder: a collection cannot start a program. */
extern const struct encoder_kind encoder_command_kind;

void *encoder_command_open(const struct encoder_command *command, size_t dimension, struct error *error);

#endif
