#include "ui/draw/chart.h"

#include "ui/draw/chart_axes.h"
#include "ui/terminal/terminal.h"

#include <curses.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { SERIES_MAX = 3, SIDE = 1024 };

static size_t series_of(const struct chart *chart)
{
    return chart->series_count < SERIES_MAX ? chart->series_count : SERIES_MAX;
}

/* A character in the colour of one style upon another; `below` -1: upon nothing. */
static void put(struct rect r, int y, int x, int style, int below, const char *symbol)
{
    if (below < 0) {
        draw_text(r, y, x, style, symbol);
        return;
    }
    if (y < 0 || x < 0 || y >= r.rows || x >= r.columns || r.y + y < 0 || r.x + x < 0 ||
        r.y + y >= terminal_rows() || r.x + x >= terminal_columns())
        return;
    theme_set_over(style, below);
    mvaddstr(r.y + y, r.x + x, symbol);
}

/* A cell filled wholly: in colours also behind the block, as fonts leave gaps between blocks. */
static void fill(struct rect r, int y, int x, int style)
{
    put(r, y, x, style, terminal_tier() == TIER_NONE ? -1 : style, "█");
}

void chart_bar(struct rect r, int y, int x, int columns, double value, double most, int style)
{
    static const char *const parts[9] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};

    if (columns > r.columns - x)
        columns = r.columns - x;
    if (!(value > 0) || !(most > 0) || columns < 1)
        return;
    double share = value / most > 1 ? 1 : value / most;
    int steps = terminal_unicode() ? 8 : 1, length = (int)lround(share * columns * steps);
    if (length < 1)
        length = 1; /* something is there */
    for (; length > 0; length -= steps, x++)
        if (terminal_unicode() && length >= 8)
            fill(r, y, x, style);
        else
            draw_text(r, y, x, style, terminal_unicode() ? parts[length] : "#");
}

static int place_on(double value, double most, int columns)
{
    double share = most > 0 && value > 0 ? value / most : 0;

    return (int)lround((share > 1 ? 1 : share) * (columns - 1));
}

void chart_move(struct rect r, int y, int x, int columns, const struct chart_move *move)
{
    if (columns > r.columns - x)
        columns = r.columns - x;
    if (columns < 2)
        return;
    int from = place_on(move->from, move->most, columns), to = place_on(move->to, move->most, columns);
    for (int i = (from < to ? from : to) + 1; i < (from < to ? to : from); i++)
        draw_text(r, y, x + i, STYLE_DIM, glyph(GLYPH_HORIZONTAL));
    if (isfinite(move->fair))
        draw_text(r, y, x + place_on(move->fair, move->most, columns), STYLE_FAIR, glyph(GLYPH_VERTICAL));
    draw_text(r, y, x + from, move->from_style, terminal_unicode() ? "○" : "o");
    draw_text(r, y, x + to, move->to_style, terminal_unicode() ? "●" : "@");
}

/* The mean of a series over the bins that share a column. */
static double bin_value(const struct chart *chart, size_t series, size_t first, size_t after)
{
    double sum = 0;

    for (size_t i = first; i < after; i++)
        sum += isfinite(chart->series[series].value[i]) ? chart->series[series].value[i] : 0;
    return after > first ? sum / (double)(after - first) : 0;
}

/* A column of a bar: in eighths of a cell, but for the shades that tell series apart without
 * colour. */
static void draw_column(const struct plot *plot, int x, double value, size_t series, int style)
{
    static const char *const parts[8] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    bool eighths = terminal_unicode() && (series == 0 || terminal_tier() != TIER_NONE);
    int steps = eighths ? 8 : 1, rows = plot->area.rows;
    double share = plot_share(plot, value);
    int height = (int)lround(share * rows * steps);

    if (height == 0 && share > 0)
        height = 1;
    for (int y = rows - 1; y >= 0 && height > 0; y--, height -= steps)
        if (eighths && height >= 8)
            fill(plot->area, y, x, style);
        else
            draw_text(plot->area, y, x, style,
                      eighths ? parts[height] : chart_symbol(series, false));
}

/* Style of the bar that fills a cell wholly, or -1: what a line across it is drawn upon. */
static int filled_by(const struct plot *plot, const struct chart *chart, double value, int y)
{
    int height = (int)lround(plot_share(plot, value) * plot->area.rows * 8);

    return terminal_unicode() && height >= 8 * (plot->area.rows - y) ? chart->series[0].style : -1;
}

/* The line of a later series over the bars of the first, where there is no room for bars side by
 * side. */
static void draw_step(const struct plot *plot, const struct chart *chart, int x, double value,
                      double under, size_t series)
{
    int y = plot_row(plot, value);

    if (value > 0 && y >= plot->area.rows)
        y = plot->area.rows - 1;
    if (value > 0)
        put(plot->area, y, x, chart->series[series].style, filled_by(plot, chart, under, y),
            terminal_unicode() ? (series == 1 ? "━" : "╍") : chart_symbol(series, false));
}

static void draw_bin(const struct plot *plot, const struct chart *chart, int x, int width,
                     size_t first, size_t after)
{
    size_t count = series_of(chart);
    int gap = plot->area.columns / 3 >= (int)chart->count && chart->count > 1, bar = width - gap;
    bool beside = count > 1 && bar >= (int)count;

    for (size_t s = 0; s < count; s++) {
        double value = bin_value(chart, s, first, after);
        int from = beside ? (int)s * bar / (int)count : 0,
            to = beside ? (int)(s + 1) * bar / (int)count : bar;
        for (int c = from; c < to; c++)
            if (beside || s == 0)
                draw_column(plot, x + c, value, s, chart->series[s].style);
            else
                draw_step(plot, chart, x + c, value, bin_value(chart, 0, first, after), s);
    }
}

/* Style of a bar that fills a cell of the screen wholly, or -1. */
static int colour_at(const struct chart *chart, struct rect r, int y, int x)
{
    wchar_t text[CCHARW_MAX + 1];
    cchar_t cell;
    attr_t attributes;
    short narrow;
    int pair;

    if (terminal_tier() == TIER_NONE || r.y + y >= terminal_rows() ||
        r.x + x >= terminal_columns() || mvin_wch(r.y + y, r.x + x, &cell) == ERR ||
        getcchar(&cell, text, &attributes, &narrow, &pair) == ERR || text[0] != L'█')
        return -1;
    for (size_t s = 0; s < series_of(chart); s++)
        if (terminal_pair(theme_colour(chart->series[s].style),
                          theme_colour(chart->series[s].style)) == pair)
            return chart->series[s].style;
    return -1;
}

static void draw_line(const struct plot *plot, const struct chart *chart)
{
    int y = plot_row(plot, chart->line);

    if (isnan(chart->line) || plot->area.rows < 1)
        return;
    if (y >= plot->area.rows)
        y = plot->area.rows - 1;
    for (int x = 0; x < plot->area.columns; x++)
        put(plot->area, y, x, STYLE_FAIR, colour_at(chart, plot->area, y, x),
            terminal_unicode() ? "╌" : "-");
}

void chart_histogram(struct rect r, const struct chart *chart)
{
    struct plot plot = chart_axes(r, chart, false);
    int columns = plot.area.columns;

    if (columns < 1 || plot.area.rows < 1)
        return;
    if (chart->count > (size_t)columns) {
        for (int x = 0; x < columns; x++)
            draw_bin(&plot, chart, x, 1, chart->count * (size_t)x / (size_t)columns,
                     chart->count * (size_t)(x + 1) / (size_t)columns);
    } else {
        for (size_t i = 0; i < chart->count; i++) {
            int x = chart_bin_column(columns, chart->count, i);
            draw_bin(&plot, chart, x, chart_bin_column(columns, chart->count, i + 1) - x, i, i + 1);
        }
    }
    draw_line(&plot, chart);
}

/* ---- curves ---- */

struct dots {
    uint8_t cell[SIDE]; /* one row of cells: braille dots, or 1 in ASCII */
    size_t series[SIDE]; /* whose style and symbol it has */
    int style[SIDE];
    const char *symbol[SIDE];
};

/* Which value, or place between two values, lies at a share of the width. */
static double index_at(const struct chart *chart, double share)
{
    double last = (double)(chart->count - 1), before = 0, here;

    if (!chart->x)
        return share * last;
    for (size_t i = 0; i < chart->count; i++, before = here) {
        here = chart_x_share(chart, chart->x[i]);
        if (here >= share)
            return i && here > before ? (double)i - (here - share) / (here - before) : (double)i;
    }
    return last;
}

/* Least and most height of a series over dot column x, in dots from below. */
static void reach(const struct chart *chart, const struct plot *plot, size_t series, int x,
                  int width, int height, double *least, double *most)
{
    const double *value = chart->series[series].value;
    double last = (double)(chart->count - 1), from = index_at(chart, (x - 0.5) / (width - 1.0)),
           to = index_at(chart, (x + 0.5) / (width - 1.0));
    double at[2] = {fmax(from, 0), fmin(to, last)};

    if (width < 2)
        at[0] = 0, at[1] = last;
    *least = INFINITY;
    *most = -INFINITY;
    for (int e = 0; e < 2; e++) {
        size_t i = (size_t)at[e], j = i + 1 < chart->count ? i + 1 : i;
        double a = plot_share(plot, value[i]), b = plot_share(plot, value[j]);
        double share = a + (b - a) * (at[e] - (double)i);
        *least = fmin(*least, share);
        *most = fmax(*most, share);
    }
    for (size_t i = (size_t)ceil(at[0]); (double)i <= at[1]; i++) {
        *least = fmin(*least, plot_share(plot, value[i]));
        *most = fmax(*most, plot_share(plot, value[i]));
    }
    *least = round(*least * (height - 1));
    *most = round(*most * (height - 1));
}

static void add_series(struct dots *dots, const struct chart *chart, const struct plot *plot,
                       size_t series, int row)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    bool fine = terminal_unicode();
    int across = fine ? 2 : 1, down = fine ? 4 : 1;
    int width = plot->area.columns * across, height = plot->area.rows * down;

    for (int x = 0; x < width && x / across < SIDE; x++) {
        double least, most;
        if (fine && terminal_tier() == TIER_NONE && series > 0 &&
            x % (series == 1 ? 4 : 3) >= (series == 1 ? 2 : 1))
            continue; /* broken lines where colours cannot tell the series apart */
        reach(chart, plot, series, x, width, height, &least, &most);
        for (int d = 0; d < down; d++) {
            int from_below = height - 1 - (row * down + d);
            if (from_below < least || from_below > most)
                continue;
            bool below = chart->first_above && series && dots->cell[x / across] && dots->series[x / across] != series;
            dots->cell[x / across] |= fine ? bit[d][x % 2] : 1;
            if (below)
                continue;
            dots->series[x / across] = series;
            dots->style[x / across] = chart->series[series].style;
            dots->symbol[x / across] = chart_symbol(series, true);
        }
    }
}

static void draw_point(const struct chart *chart, const struct plot *plot)
{
    int x = (int)lround(chart_x_share(chart, chart->point[0]) * (plot->area.columns - 1));
    int y = plot_row(plot, chart->point[1]);

    if (x < 0 || x >= plot->area.columns || isnan(chart->point[1]))
        return;
    const char *mark = terminal_unicode() ? (chart->hollow ? "○" : "●") : chart->hollow ? "o" : "@";
    draw_text(plot->area, y < plot->area.rows ? y : plot->area.rows - 1, x, STYLE_STRONG, mark);
}

void chart_curve(struct rect r, const struct chart *chart)
{
    static struct dots dots;
    struct plot plot = chart_axes(r, chart, true);

    if (plot.area.columns < 1 || plot.area.rows < 1)
        return;
    draw_line(&plot, chart);
    for (int y = 0; chart->count && y < plot.area.rows; y++) {
        memset(dots.cell, 0, sizeof dots.cell);
        for (size_t s = 0; s < series_of(chart); s++)
            add_series(&dots, chart, &plot, s, y);
        for (int x = 0; x < plot.area.columns && x < SIDE; x++) {
            uint8_t bits = dots.cell[x];
            char braille[4] = {(char)0xe2, (char)(0xa0 | bits >> 6), (char)(0x80 | (bits & 0x3f)),
                               0};
            if (bits)
                draw_text(plot.area, y, x, dots.style[x],
                          terminal_unicode() ? braille : dots.symbol[x]);
        }
    }
    if (chart->point)
        draw_point(chart, &plot);
}

void chart_bins(const double *values, size_t count, double least, double most, size_t bins,
                double *counts)
{
    memset(counts, 0, bins * sizeof *counts);
    for (size_t i = 0; i < count && bins; i++) {
        if (isnan(values[i]))
            continue;
        double at = most > least ? (values[i] - least) / (most - least) * (double)bins : 0;
        counts[at <= 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at]++;
    }
}
