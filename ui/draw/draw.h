/* Drawing into rectangles of the screen.  Text is UTF-8, cleaned of control characters and cut at the rectangle by
 * display width (a cut shows as an ellipsis); only draw_wrapped wraps it.  Coordinates are relative to the
 * rectangle. */
#ifndef HUBSCOPE_UI_DRAW_DRAW_H
#define HUBSCOPE_UI_DRAW_DRAW_H

#include "ui/draw/glyph.h"
#include "ui/draw/rect.h"
#include "ui/terminal/theme.h"
#include <stddef.h>

void draw_clear(struct rect r);
void draw_fill(struct rect r, int style);

/* Returns the column after the text. */
int draw_text(struct rect r, int y, int x, int style, const char *text);
int draw_format(struct rect r, int y, int x, int style, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Draws text that ends before column `end`. */
void draw_right(struct rect r, int y, int end, int style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Wraps at spaces over at most `rows` rows; returns the rows used. */
int draw_wrapped(struct rect r, int y, int x, int rows, int style, const char *text);

/* Draws one symbol in the colour of one style over that of another; `below` -1: over nothing. */
void draw_over(struct rect r, int y, int x, int style, int below, const char *symbol);
/* Fills a whole cell; with colours also behind the block, as fonts leave gaps between blocks. */
void draw_block(struct rect r, int y, int x, int style);

void draw_horizontal(struct rect r, int y, int style, const char *title); /* a line across with a title in it */
void draw_vertical(struct rect r, int x, int style);                      /* a line down */
void draw_box(struct rect r, int style, const char *title);
void draw_gap(struct rect r, int y);                                          /* where rows of a list are left out */
void draw_scrollbar(struct rect r, size_t first, size_t shown, size_t total); /* last column of r, when needed */

int text_columns(const char *text); /* display width */

#endif
