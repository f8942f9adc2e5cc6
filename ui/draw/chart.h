/* Charts in block characters, eighths of a cell in UTF-8, whole cells in ASCII, with axes and
 * numbers. */
#ifndef HUBSCOPE_UI_DRAW_CHART_H
#define HUBSCOPE_UI_DRAW_CHART_H

#include "ui/draw/draw.h"
#include <stddef.h>
#include <stdint.h>

/* A horizontal bar of value/most of `columns` at row y from column x on; at least a sliver for a
 * positive value. */
void chart_bar(struct rect r, int y, int x, int columns, double value, double most, int style);

/* A value that moved, on one row: a dot for each of both places on a scale from 0 to `most`, joined by a line, and a tick
 * at the fair share (NAN: none).  The later dot lies above the earlier where they meet. */
struct chart_move {
    double from, to, most, fair;
    int from_style, to_style;
};
void chart_move(struct rect r, int y, int x, int columns, const struct chart_move *move);

/* Vertical bars: one series, or up to three side by side, or, where that is too narrow, the later
 * ones as lines over the first.  The y axis has numbers (from 0, or powers of ten with `log_y`),
 * the x axis those of the ends and some between. Where there are more bins than columns a column
 * shows the mean of its bins.  Small rectangles lose first the legend, then the numbers, then the
 * axes; without values the axes remain. */
struct chart_series {
    const double *value; /* (count) */
    int style;
    const char *name; /* for the legend */
};
struct chart {
    const struct chart_series *series;
    size_t series_count;    /* at most 3 */
    size_t count;           /* values in each */
    double x_first, x_last; /* numbers at the ends of the x axis */
    const char *x_title, *y_title;
    double line; /* a horizontal line (fair share); NAN: none */
    const char *line_name;
    int log_y;
    size_t mark; /* a bin to mark on the x axis; SIZE_MAX: none */
    /* Of curves only: */
    const double *x;     /* (count) places of the values, ascending, in [x_first, x_last]; null: equally far apart */
    int log_x;           /* with x: equal factors are equally far apart */
    int close_y;         /* the y axis reaches over the values and needs not begin at 0 */
    int first_above;     /* where curves meet the first one is seen, not the last */
    const double *point; /* (2) a place to mark on plot and x axis: x and y (NAN: on the axis only); null: none */
    int hollow;          /* that place is not certain yet */
};
void chart_histogram(struct rect r, const struct chart *chart); /* bars */
void chart_curve(struct rect r,
                 const struct chart *chart); /* points joined: sorted masses, sweeps */

/* Counts values into `bins` equal bins over [least, most]; values outside go to the end bins. */
void chart_bins(const double *values, size_t count, double least, double most, size_t bins,
                double *counts);

#endif
