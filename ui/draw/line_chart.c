#include "ui/draw/line_chart.h"

#include "engine/base/text.h"
#include "ui/terminal/terminal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { BRAILLE = 0x2800, AREA_STEPS = 4096, SPANS = 2 * CHART_SIDE };

/* Lowest and highest point of a series over a column of dots, in dots from the bottom. */
struct span {
    double least, most;
};

struct dots {
    uint8_t cell[CHART_SIDE];  /* one row of cells: braille dots, or 1 in ASCII */
    size_t series[CHART_SIDE]; /* whose style and symbol it has */
    int style[CHART_SIDE];
    const char *symbol[CHART_SIDE];
};

/* The index of the value, or a fraction between two, that lies at a share of the width. */
static double index_at(const struct chart *chart, double share)
{
    double last = (double)(chart->count - 1);
    size_t low = 0, high = chart->count;

    if (!chart->x)
        return share * last;
    while (low < high) { /* the first one at or beyond it */
        size_t middle = low + (high - low) / 2;
        if (chart_x_share(chart, chart->x[middle]) < share)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == chart->count)
        return last;
    double here = chart_x_share(chart, chart->x[low]), before = low ? chart_x_share(chart, chart->x[low - 1]) : here;
    return here > before ? (double)low - (here - share) / (here - before) : (double)low;
}

/* The span of a series over dot column x; least > most in a gap. */
static struct span span_at(const struct chart *chart, const struct plot *plot, size_t series, int x, int width,
                           int height)
{
    const double *value = chart->series[series].value;
    double last = (double)(chart->count - 1), from = index_at(chart, (x - 0.5) / (width - 1.0)),
           to = index_at(chart, (x + 0.5) / (width - 1.0));
    double at[2] = {fmax(from, 0), fmin(to, last)};
    struct span span = {.least = INFINITY, .most = -INFINITY};

    if (width < 2)
        at[0] = 0, at[1] = last;
    for (int e = 0; e < 2; e++) {
        size_t i = (size_t)at[e], j = (double)i < at[e] && i + 1 < chart->count ? i + 1 : i;
        if (isnan(value[i]) || isnan(value[j]))
            continue;
        double a = plot_share(plot, value[i]), b = plot_share(plot, value[j]);
        double share = a + (b - a) * (at[e] - (double)i);
        span.least = fmin(span.least, share);
        span.most = fmax(span.most, share);
    }
    double low = INFINITY, high = -INFINITY; /* a curve may have a million values, and shares rise with them */
    for (size_t i = (size_t)ceil(at[0]); (double)i <= at[1]; i++) {
        low = value[i] < low ? value[i] : low;
        high = value[i] > high ? value[i] : high;
    }
    if (low <= high) {
        span.least = fmin(span.least, plot_share(plot, low));
        span.most = fmax(span.most, plot_share(plot, high));
    }
    span.least = round(span.least * (height - 1));
    span.most = round(span.most * (height - 1));
    return span;
}

/* Dots in a cell. */
static int dots_across(void)
{
    return terminal_unicode() ? 2 : 1;
}

static int dots_down(void)
{
    return terminal_unicode() ? 4 : 1;
}

/* Whether a broken line has a gap at dot column x. */
static bool in_gap(const struct chart *chart, size_t series, int x)
{
    bool broken = chart->dashed || terminal_tier() == TIER_NONE;

    return terminal_unicode() && broken && series > 0 && x % (series == 1 ? 4 : 3) >= (series == 1 ? 2 : 1);
}

/* The spans of the first series, by series and dot column. */
static void find_spans(struct span span[][SPANS], const struct chart *chart, const struct plot *plot, size_t series)
{
    int width = plot->area.columns * dots_across(), height = plot->area.rows * dots_down();

    for (size_t s = 0; s < series; s++)
        for (int x = 0; x < width && x < SPANS; x++)
            if (!in_gap(chart, s, x))
                span[s][x] = span_at(chart, plot, s, x, width, height);
}

static void add_series(struct dots *dots, const struct chart *chart, const struct plot *plot, const struct span *span,
                       size_t series, int row)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    bool fine = terminal_unicode();
    int across = dots_across(), down = dots_down();
    int width = plot->area.columns * across, height = plot->area.rows * down;

    for (int x = 0; x < width && x / across < CHART_SIDE; x++) {
        if (in_gap(chart, series, x))
            continue;
        for (int d = 0; d < down; d++) {
            int from_below = height - 1 - (row * down + d);
            if (from_below < span[x].least || from_below > span[x].most)
                continue;
            bool below = chart->first_above && series && dots->cell[x / across] && dots->series[x / across] != series;
            dots->cell[x / across] |= fine ? bit[d][x % 2] : 1;
            if (below)
                continue;
            dots->series[x / across] = series;
            dots->style[x / across] = chart->series[series].style;
            dots->symbol[x / across] = chart_symbol(series, true, false);
        }
    }
}

/* The area of the last series, column by column. */
struct area {
    int style;                            /* -1: there is none */
    int from[CHART_SIDE], to[CHART_SIDE]; /* rows that it fills by half or more, from inclusive */
};

/* Style of the area if it fills half a cell or more, under a line across it; else -1. */
static int filled_by(const struct area *area, int y, int x)
{
    return area->style >= 0 && x < CHART_SIDE && y >= area->from[x] && y < area->to[x] ? area->style : -1;
}

/* Fills a column from the axis, or from the row of a ratio's line, to a share of the plot's height: upwards in eighths
 * of a cell, downwards in halves, for which alone there are symbols, and without colours in whole cells of a shade. */
static void fill_column(struct area *area, const struct plot *plot, int base, int x, double share)
{
    static const char *const parts[8] = {"", "▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    bool whole = !terminal_unicode() || terminal_tier() == TIER_NONE;
    int rows = plot->area.rows, height = (int)lround(share * rows * 8), rest = whole ? 0 : height % 8;
    int top = rows - (height + (whole ? 4 : 0)) / 8; /* of the cells below the value; the one above holds the rest */
    bool down = top - 1 > base;

    area->from[x] = down ? base + 1 : top < base ? top : base;
    area->to[x] = down ? top - (rest > 2) : base;
    for (int y = area->from[x]; y < area->to[x]; y++)
        if (whole)
            draw_text(plot->area, y, x, area->style, chart_symbol_area());
        else
            draw_block(plot->area, y, x, area->style);
    if (down && rest > 2 && rest < 6) {
        draw_text(plot->area, top - 1, x, area->style, "▀");
        area->to[x] += rest < 5;
    } else if (rest && top <= base && top > 0) {
        draw_text(plot->area, top - 1, x, area->style, parts[rest]);
        area->from[x] -= rest > 3;
    }
}

static void draw_area(struct area *area, const struct plot *plot, const struct chart *chart)
{
    size_t last = chart_series_shown(chart) - 1;
    int base = plot->one > 0 ? chart_line_row(chart, plot) : plot->area.rows;

    area->style = chart->series[last].style;
    for (int x = 0; x < plot->area.columns && x < CHART_SIDE; x++) {
        struct span span = span_at(chart, plot, last, x, plot->area.columns, AREA_STEPS + 1);
        area->from[x] = area->to[x] = 0;
        if (span.least <= span.most)
            fill_column(area, plot, base, x, (span.least + span.most) / 2 / AREA_STEPS);
    }
}

static void draw_line(const struct area *area, const struct plot *plot, const struct chart *chart)
{
    int y = chart_line_row(chart, plot);

    /* in front of an area every other cell, so that what it crosses shows */
    for (int x = 0; y >= 0 && x < plot->area.columns; x += 1 + chart->filled)
        draw_over(plot->area, y, x, STYLE_FAIR, filled_by(area, y, x), chart_line_symbol());
}

static void draw_point(const struct chart *chart, const struct plot *plot, double value)
{
    int x = (int)lround(chart_x_share(chart, chart->point[0]) * (plot->area.columns - 1));
    int y = plot_row(plot, value);

    if (x < 0 || x >= plot->area.columns || isnan(value))
        return;
    const char *mark = terminal_unicode() ? (chart->hollow ? "○" : "●") : chart->hollow ? "o" : "@";
    draw_text(plot->area, y < plot->area.rows ? y : plot->area.rows - 1, x, STYLE_STRONG, mark);
}

void line_chart_draw(struct rect r, const struct chart *chart)
{
    static struct dots dots;
    static struct area area;
    static struct span span[CHART_SERIES][SPANS];
    struct plot plot = chart_axes(r, chart, true);
    size_t lines = chart_series_shown(chart);
    bool filled = chart->filled && chart->count && lines;

    if (plot.area.columns < 1 || plot.area.rows < 1)
        return;
    area.style = -1;
    if (filled) {
        draw_area(&area, &plot, chart);
        lines--;
    } else {
        draw_line(&area, &plot, chart);
    }
    if (chart->count)
        find_spans(span, chart, &plot, lines);
    for (int y = 0; chart->count && y < plot.area.rows; y++) {
        memset(dots.cell, 0, sizeof dots.cell);
        for (size_t s = 0; s < lines; s++)
            add_series(&dots, chart, &plot, span[s], s, y);
        for (int x = 0; x < plot.area.columns && x < CHART_SIDE; x++) {
            char braille[TEXT_POINT];
            text_put(BRAILLE + dots.cell[x], braille);
            if (dots.cell[x])
                draw_over(plot.area, y, x, dots.style[x], filled_by(&area, y, x),
                          terminal_unicode() ? braille : dots.symbol[x]);
        }
    }
    if (filled)
        draw_line(&area, &plot, chart);
    if (chart->point && chart->second > 0)
        draw_point(chart, &plot, chart->second);
    if (chart->point)
        draw_point(chart, &plot, chart->point[1]);
}
