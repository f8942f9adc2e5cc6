/* The user's configuration file: hubscope/config in $XDG_CONFIG_HOME or ~/.config. */
#ifndef HUBSCOPE_UI_CONFIG_CONFIG_FILE_H
#define HUBSCOPE_UI_CONFIG_CONFIG_FILE_H

#include "engine/base/error.h"

/* Reads the settings in it, if it exists.  Whatever is wrong with it becomes a problem of the settings. */
void config_file_load(void);

/* Writes the settings in force into it, whole or not at all, and keeps its comments.  Returns its path, valid until the
 * next call, or null with the error. */
const char *config_file_save(struct error *error);

#endif
