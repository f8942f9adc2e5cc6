/* What a chart shows, and the frame around it: scale, ticks, labels and legend.  The rest is the plot, which
 * histogram.c or line_chart.c fills.
 *
 * The y axis is numbered (from 0, or in powers of ten with `log_y`), the x axis at its ends and at some values between.
 * Small rectangles lose first the legend, then the numbers, then the axes; without values only the axes are drawn. */
#ifndef HUBSCOPE_UI_DRAW_CHART_H
#define HUBSCOPE_UI_DRAW_CHART_H

#include "ui/draw/draw.h"
#include <stdbool.h>
#include <stddef.h>

enum { CHART_SERIES = 3, CHART_SIDE = 1024 }; /* columns of the widest plot */

struct chart_series {
    const double *value; /* (count); a line has a gap where it is NAN */
    int style;
    const char *name; /* for the legend */
};
struct chart {
    const struct chart_series *series;
    size_t series_count;    /* at most CHART_SERIES */
    size_t count;           /* values in each */
    double x_first, x_last; /* numbers at the ends of the x axis */
    const char *x_title, *y_title;
    double line; /* a horizontal line (fair share); NAN: none */
    const char *line_name;
    int log_y;
    int ratio_y; /* the y axis shows how many times the line a value is, doubling at equal steps, and ends at the
                    values, though values near 0 may lie below its end; the line must be above 0 */
    int tight_y; /* the y axis ends at the largest value, not at the next round number */
    size_t mark; /* a bin to mark on the x axis; SIZE_MAX: none */
    /* Of line charts only: */
    const double *x;     /* (count) x of the values, ascending, in [x_first, x_last]; null: evenly spaced */
    int log_x;           /* with x: a logarithmic axis */
    int close_y;         /* the y axis spans the values and need not begin at 0 */
    int first_above;     /* where curves meet, the first is on top, not the last */
    const double *point; /* (2) x and y of a point to mark on plot and x axis (y NAN: on the axis only); null: none */
    double second;       /* with it: y of a point above or below it to mark, too; 0: none */
    int hollow;          /* these points are not final yet */
    int dashed;          /* later series are dashed, although colours distinguish them */
    int filled; /* the last series is an area above the axis, or to both sides of a ratio's line; the others are
                            lines over it, and the chart's line lies in front of all */
    /* Of histograms only: */
    int over; /* later series are lines over the bars of the first, although there is room side by side */
};

struct plot {
    struct rect area;   /* where values are drawn; may be empty */
    double bottom, top; /* of the y axis: values, or their decimal logarithms, or binary ones of ratios */
    bool log;
    double one; /* the value whose ratio is 1; 0: the axis shows no ratios */
    bool dots;  /* values are dots, not ends of bars: the lowest lies in the last row */
};

/* Height of a value as a share of the plot, 0 to 1; 0 for NaN. */
double plot_share(const struct plot *plot, double value);

/* Row of the plot in which a bar of that value ends; the row below the plot for the bottom of the axis. */
int plot_row(const struct plot *plot, double value);

size_t chart_series_shown(const struct chart *chart);

/* The symbol of a series in plot and legend; `distinct` from others even if colours distinguish them. */
const char *chart_symbol(size_t series, bool lines, bool distinct);
const char *chart_symbol_over(size_t series); /* of a line over bars */
const char *chart_symbol_area(void);          /* of a filled series */

/* Row of the plot in which the chart's line lies, or -1, and its symbol. */
int chart_line_row(const struct chart *chart, const struct plot *plot);
const char *chart_line_symbol(void);

/* Draws axes, numbers, titles and legend into r and returns the plot; `lines`: values are joined by lines, not bars. */
struct plot chart_axes(struct rect r, const struct chart *chart, bool lines);

/* Share of the width at which x lies, 0 to 1 when it is on the axis. */
double chart_x_share(const struct chart *chart, double x);

/* Columns that the bars of a chart take up in a plot. */
int chart_bar_columns(int columns, size_t count);
/* The first column of bin i, and with i = count the column after the last. */
int chart_bin_column(int columns, size_t count, size_t i);

#endif
