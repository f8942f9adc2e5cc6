/* Values drawn on one row: in eighths of a cell in UTF-8, in whole cells in ASCII. */
#ifndef HUBSCOPE_UI_DRAW_GAUGE_H
#define HUBSCOPE_UI_DRAW_GAUGE_H

#include "ui/draw/draw.h"
#include <stdbool.h>

/* A horizontal bar of value/most of `columns` at row y from column x on; at least a sliver for a positive value. */
void gauge_bar(struct rect r, int y, int x, int columns, double value, double most, int style);

/* A value that moved: a dot for each of the two values on a scale from 0 to `most`, joined by a line, and a tick at the
 * fair share (NAN: none).  Where the dots meet, the later is on top. */
struct gauge_move {
    double from, to, most, fair;
    int from_style, to_style;
};
/* The dot of the earlier or the later value, for legends. */
const char *gauge_dot(bool later);
void gauge_move(struct rect r, int y, int x, int columns, const struct gauge_move *move);

#endif
