/* The screen as a file: what tests compare and what pictures of the explorer are made from. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREENSHOT_H
#define HUBSCOPE_UI_TERMINAL_SCREENSHOT_H

#include "engine/base/error.h"

/* Writes the screen in the format of the name's ending, else as text: one line a row without trailing blanks.  With
 * colours (.ansi) rows are full, with SGR sequences. */
int screenshot_save(const char *path, struct error *error);

#endif
