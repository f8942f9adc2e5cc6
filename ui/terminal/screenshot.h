/* The screen as a file: what tests compare and what pictures of the explorer are made from. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREENSHOT_H
#define HUBSCOPE_UI_TERMINAL_SCREENSHOT_H

#include "engine/base/error.h"

/* Writes the screen as text, one line a row without trailing blanks; with SGR colour sequences and full rows when the name
 * ends in .ansi or .ans; as a picture when it ends in .svg. */
int screenshot_save(const char *path, struct error *error);

#endif
