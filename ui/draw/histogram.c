#include "ui/draw/histogram.h"

#include "ui/terminal/terminal.h"

#include <math.h>
#include <string.h>

/* The mean of a series over the bins that share a column. */
static double bin_value(const struct chart *chart, size_t series, size_t first, size_t after)
{
    double sum = 0;

    for (size_t i = first; i < after; i++)
        sum += isfinite(chart->series[series].value[i]) ? chart->series[series].value[i] : 0;
    return after > first ? sum / (double)(after - first) : 0;
}

struct bars {
    const struct chart *chart;
    struct plot plot;
    struct {
        int style;
        int full; /* rows from the bottom that a bar fills completely */
    } column[CHART_SIDE];
};

/* Style of the bar that fills a cell completely, under a line across it; -1 if none does. */
static int filled_by(const struct bars *bars, int y, int x)
{
    return x < CHART_SIDE && bars->plot.area.rows - y <= bars->column[x].full ? bars->column[x].style : -1;
}

/* Draws a column of a bar in eighths of a cell, except for the shades that distinguish series without colour. */
static void draw_column(struct bars *bars, int x, double value, size_t series)
{
    static const char *const parts[8] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    struct rect area = bars->plot.area;
    bool colours = terminal_tier() != TIER_NONE, eighths = terminal_unicode() && (series == 0 || colours);
    int steps = eighths ? 8 : 1, style = bars->chart->series[series].style;
    double share = plot_share(&bars->plot, value);
    int height = (int)lround(share * area.rows * steps);

    if (height == 0 && share > 0)
        height = 1;
    if (eighths && colours && x < CHART_SIDE) {
        bars->column[x].style = style;
        bars->column[x].full = height / steps;
    }
    for (int y = area.rows - 1; y >= 0 && height > 0; y--, height -= steps)
        if (eighths && height >= 8)
            draw_block(area, y, x, style);
        else
            draw_text(area, y, x, style, eighths ? parts[height] : chart_symbol(series, false, false));
}

/* Draws a later series as a line over the bars of the first, where there is no room for bars side by side. */
static void draw_step(const struct bars *bars, int x, double value, size_t series)
{
    struct rect area = bars->plot.area;
    int y = plot_row(&bars->plot, value);

    if (value > 0 && y >= area.rows)
        y = area.rows - 1;
    if (value > 0)
        draw_over(area, y, x, bars->chart->series[series].style, filled_by(bars, y, x), chart_symbol_over(series));
}

static void draw_bin(struct bars *bars, int x, int width, size_t first, size_t after)
{
    const struct chart *chart = bars->chart;
    size_t count = chart_series_shown(chart);
    int gap = bars->plot.area.columns / 3 >= (int)chart->count && chart->count > 1, bar = width - gap;
    bool beside = count > 1 && bar >= (int)count && !chart->over;

    for (size_t s = 0; s < count; s++) {
        double value = bin_value(chart, s, first, after);
        int from = beside ? (int)s * bar / (int)count : 0, to = beside ? (int)(s + 1) * bar / (int)count : bar;
        for (int c = from; c < to; c++)
            if (beside || s == 0)
                draw_column(bars, x + c, value, s);
            else
                draw_step(bars, x + c, value, s);
    }
}

static void draw_line(const struct bars *bars)
{
    int y = chart_line_row(bars->chart, &bars->plot);

    for (int x = 0; y >= 0 && x < bars->plot.area.columns; x++)
        draw_over(bars->plot.area, y, x, STYLE_FAIR, filled_by(bars, y, x), chart_line_symbol());
}

void histogram_draw(struct rect r, const struct chart *chart)
{
    struct bars bars = {.chart = chart, .plot = chart_axes(r, chart, false)};
    int columns = bars.plot.area.columns;

    if (columns < 1 || bars.plot.area.rows < 1)
        return;
    if (chart->count > (size_t)columns) {
        for (int x = 0; x < columns; x++)
            draw_bin(&bars, x, 1, chart->count * (size_t)x / (size_t)columns,
                     chart->count * (size_t)(x + 1) / (size_t)columns);
    } else {
        for (size_t i = 0; i < chart->count; i++) {
            int x = chart_bin_column(columns, chart->count, i);
            draw_bin(&bars, x, chart_bin_column(columns, chart->count, i + 1) - x, i, i + 1);
        }
    }
    draw_line(&bars);
}

void histogram_count(const double *values, size_t count, double least, double most, size_t bins, double *counts)
{
    memset(counts, 0, bins * sizeof *counts);
    for (size_t i = 0; i < count && bins; i++) {
        if (isnan(values[i]))
            continue;
        double at = most > least ? (values[i] - least) / (most - least) * (double)bins : 0;
        counts[at <= 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at]++;
    }
}
