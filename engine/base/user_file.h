/* Where the user's own files lie, by the XDG base directories. */
#ifndef HUBSCOPE_ENGINE_BASE_USER_FILE_H
#define HUBSCOPE_ENGINE_BASE_USER_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum user_file { USER_CONFIG /* $XDG_CONFIG_HOME or ~/.config */, USER_STATE /* $XDG_STATE_HOME or ~/.local/state */ };

/* Writes the path of hubscope/NAME there; false if the environment names no such place, or the path does not fit. */
bool user_file(enum user_file kind, const char *name, char *buffer, size_t size);

void user_file_make_parents(const char *path); /* as far as possible, for the user alone */

#endif
