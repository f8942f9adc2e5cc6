/* Pictures in pixels over cells of the screen, by a protocol of which curses knows nothing.
 *
 * A picture's cells hold a blank that is used for nothing else.  Whatever curses puts in their place erases the pixels
 * there, and what it puts elsewhere leaves them alone, so that only this is kept: which cells still show which picture.
 * Should it write blanks anew that were there already, which it may to spare a movement, all pictures are shown again.
 * Help and other boxes over a picture cover cells of it; the rest is then drawn in pieces. */
#ifndef HUBSCOPE_UI_TERMINAL_PIXELS_H
#define HUBSCOPE_UI_TERMINAL_PIXELS_H

#include "engine/pictures/picture.h"
#include "ui/terminal/encodings.h"
#include <stddef.h>

/* For ui/terminal/terminal.c.  False if it cannot start. */
bool pixels_start(enum protocol protocol);
void pixels_stop(void);
void pixels_cell(int rows, int columns); /* the size of a cell in pixels */
void pixels_origin(int top, int left);   /* where the screen begins on the terminal, in cells */
void pixels_lost(void);                  /* the terminal shows none of them any longer */
void pixels_clear(void);                 /* none are wanted any longer: a new screen is being drawn */

extern const char pixels_blank[]; /* what the cells of pictures hold */
/* After curses has shown the screen and written `blanks` of those. */
void pixels_show(size_t blanks);

/* Fills a rectangle of cells with a frame of a picture. */
void pixels_put(int y, int x, int rows, int columns, const struct picture *picture, int frame);

#endif
