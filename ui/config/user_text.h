/* Writing a text file of the user's own: settings, and where a collection was left. */
#ifndef HUBSCOPE_UI_CONFIG_USER_TEXT_H
#define HUBSCOPE_UI_CONFIG_USER_TEXT_H

#include "engine/base/error.h"
#include <stdio.h>

/* Writes what `put` prints to `path`, all or nothing, and makes the folders above it. */
int user_text_write(const char *path, void (*put)(FILE *out, const void *context), const void *context,
                    struct error *error);

#endif
