/* The frame around a chart: scale, ticks, labels and legend.  What is left over is the plot. */
#ifndef HUBSCOPE_UI_DRAW_CHART_AXES_H
#define HUBSCOPE_UI_DRAW_CHART_AXES_H

#include "ui/draw/chart.h"
#include <stdbool.h>

struct plot {
    struct rect area;   /* where values are drawn; may be empty */
    double bottom, top; /* of the y axis: values, or their decimal logarithms */
    bool log;
    bool dots; /* values are dots, not ends of bars: the lowest lies in the last row */
};

/* Height of a value as a share of the plot, 0 to 1; 0 for what is no number. */
double plot_share(const struct plot *plot, double value);

/* Row of the plot in which a bar of that value ends; the row below the plot for the bottom of the
 * axis. */
int plot_row(const struct plot *plot, double value);

/* The symbol that stands for a series in plot and legend where colours may be missing. */
const char *chart_symbol(size_t series, bool curve);

/* Draws axes, numbers, titles and legend into r.  */
struct plot chart_axes(struct rect r, const struct chart *chart, bool curve);

/* Share of the width at which x lies, 0 to 1 when it is on the axis. */
double chart_x_share(const struct chart *chart, double x);

/* Columns that the bars of a chart take up in a plot. */
int chart_bar_columns(int columns, size_t count);
/* The first column of bin i, and with i = count the column after the last. */
int chart_bin_column(int columns, size_t count, size_t i);

#endif
