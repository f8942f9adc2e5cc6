/* Repaints what differs between the screen that the terminal shows and the one that curses wants.
 *
 * Curses goes from left to right and from line to line, and changes colours all the time.  This goes to what has the
 * colours that are set already, wherever it is, and leaves alone every cell that stays.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_REPAINT_H
#define HUBSCOPE_UI_TERMINAL_REPAINT_H

#include "ui/terminal/pen.h"
#include <stdbool.h>
#include <stddef.h>

/* The terminal may show something else than it was sent, or pairs of colours have changed: the next frame must be sent
 * as curses wrote it. */
void repaint_forget(void);

/* After curses has refreshed: returns what changes the screen as it was at the last call to what it is now, with the
 * cursor where curses left it, and the pen as it is `before` and must be `after`; valid until the next call.  Null if
 * that screen is not known, or the terminal works otherwise, or when out of memory.  With `direct`, colours other than
 * the first eight are 0xRRGGBB. */
const char *repaint(const struct pen_style *before, const struct pen_style *after, bool direct, size_t *size);

void repaint_stop(void);

#endif
