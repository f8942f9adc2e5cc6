/* The screen as a file, for tests to compare and for pictures of the explorer. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREENSHOT_H
#define HUBSCOPE_UI_TERMINAL_SCREENSHOT_H

#include "engine/base/error.h"

/* Writes the screen in the format of the name's ending, otherwise as text: one line per row without trailing blanks.
 * With colours (.ansi) rows are complete, with SGR sequences.  Returns 0, or -1 with the error. */
int screenshot_save(const char *path, struct error *error);

#endif
