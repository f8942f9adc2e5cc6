/* Charts in block characters, eighths of a cell in UTF-8, whole cells in ASCII, with axes and numbers. */
#ifndef HUBSCOPE_UI_CHART_H
#define HUBSCOPE_UI_CHART_H

#include "ui/draw.h"
#include <stddef.h>
#include <stdint.h>

/* A horizontal bar of value/most of the width at row y. */
void chart_bar(struct rect r, int y, int x, int columns, double value, double most, int style);

/* Vertical bars: one series, or two side by side or overlaid (the second as a line of dots or outline), y axis with
 * numbers, x axis with the labels of the ends and some between.  `log_y` counts on a logarithmic scale. */
struct chart_series {
    const double *value; /* (count) */
    int style;
    const char *name; /* for the legend */
};
struct chart {
    const struct chart_series *series;
    size_t series_count; /* at most 3 */
    size_t count;        /* values in each */
    double x_first, x_last; /* numbers at the ends of the x axis */
    const char *x_title, *y_title;
    double line;        /* a horizontal line (fair share); NAN: none */
    const char *line_name;
    int log_y;
    size_t mark;        /* a bin to mark on the x axis; SIZE_MAX: none */
};
void chart_histogram(struct rect r, const struct chart *chart); /* bars */
void chart_curve(struct rect r, const struct chart *chart);     /* points joined: sorted masses, sweeps */

/* Counts values into `bins` equal bins over [least, most]; values outside go to the end bins. */
void chart_bins(const double *values, size_t count, double least, double most, size_t bins, double *counts);

#endif
