#include "ui/draw/chart.h"

#include "engine/results/axis.h"
#include "ui/terminal/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TICKS = 12 };

struct ticks {
    double value[TICKS];
    int count;
    double step;
};

double plot_share(const struct plot *plot, double value)
{
    if (plot->log)
        value = value > 0 ? log10(value) : plot->bottom;
    else if (plot->one > 0)
        value = value > 0 ? log2(value / plot->one) : plot->bottom;
    if (isnan(value) || plot->top <= plot->bottom)
        return 0;
    double share = (value - plot->bottom) / (plot->top - plot->bottom);
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

int plot_row(const struct plot *plot, double value)
{
    if (plot->dots) {
        int dots = terminal_unicode() ? 4 * plot->area.rows : plot->area.rows;
        int below = (int)lround(plot_share(plot, value) * (dots - 1));
        return (dots - 1 - below) / (terminal_unicode() ? 4 : 1);
    }
    return plot->area.rows - (int)ceil(plot_share(plot, value) * plot->area.rows - 1e-9);
}

size_t chart_series_shown(const struct chart *chart)
{
    return chart->series_count < CHART_SERIES ? chart->series_count : CHART_SERIES;
}

int chart_line_row(const struct chart *chart, const struct plot *plot)
{
    int y = plot_row(plot, chart->line);

    if (isnan(chart->line))
        return -1;
    return y < plot->area.rows ? y : plot->area.rows - 1;
}

const char *chart_line_symbol(void)
{
    return terminal_unicode() ? "╌" : "-";
}

const char *chart_symbol(size_t series, bool lines, bool distinct)
{
    static const char *const ascii[2][3] = {{"#", "=", ":"}, {"*", "+", "o"}};
    static const char *const blocks[3] = {"█", "▒", "░"}, *const strokes[3] = {"━", "╍", "┅"};

    if (series > 2)
        series = 2;
    if (!terminal_unicode())
        return ascii[lines][series];
    if (terminal_tier() != TIER_NONE && !distinct)
        series = 0;
    return lines ? strokes[series] : blocks[series];
}

const char *chart_symbol_over(size_t series)
{
    return !terminal_unicode() ? chart_symbol(series, false, false) : series == 1 ? "━" : "╍";
}

const char *chart_symbol_area(void)
{
    return !terminal_unicode() ? ":" : terminal_tier() == TIER_NONE ? "░" : "█";
}

int chart_bar_columns(int columns, size_t count)
{
    if (count == 0 || (size_t)columns <= count)
        return columns;
    int each = columns / (int)count, used = each * (int)count;
    /* Bars of equal width look better, unless they would leave part of the plot empty. */
    return 4 * (columns - used) <= columns ? used : columns;
}

int chart_bin_column(int columns, size_t count, size_t i)
{
    return count ? (int)((double)chart_bar_columns(columns, count) * (double)i / (double)count + 1e-9) : 0;
}

static bool usable(double value, bool log)
{
    return isfinite(value) && (!log || value > 0);
}

/* Powers of two around the ratio 1.  The axis reaches at most one doubling farther down than up: what a few values near
 * 0 would take of it says little. */
static void find_ratios(struct plot *plot, double least, double most, int rows, struct ticks *ticks)
{
    plot->top = fmax(log2(most / plot->one), 1);
    plot->bottom = fmax(fmin(log2(least / plot->one), -1), -plot->top - 1);
    double every = ceil((plot->top - plot->bottom) / fmax(1, fmin(TICKS - 2, (rows - 1) / 2.0)));
    ticks->step = 0;
    for (double power = ceil(plot->bottom / every - 1e-9) * every; power <= plot->top + 1e-9 && ticks->count < TICKS;
         power += every)
        ticks->value[ticks->count++] = plot->one * exp2(power);
}

static void find_scale(struct plot *plot, const struct chart *chart, int rows, struct ticks *ticks)
{
    double least = INFINITY, most = -INFINITY;
    bool log = plot->log || plot->one > 0;

    ticks->count = 0;
    for (size_t s = 0; s <= chart->series_count; s++)
        for (size_t i = 0; i < (s < chart->series_count ? chart->count : 1); i++) {
            double value = s < chart->series_count ? chart->series[s].value[i] : chart->line;
            if (usable(value, log)) { /* compared, not by calls: a curve may have a million values */
                least = value < least ? value : least;
                most = value > most ? value : most;
            }
        }
    if (plot->dots && chart->point && usable(chart->point[1], plot->log)) {
        least = fmin(least, chart->point[1]);
        most = fmax(most, chart->point[1]);
    }
    if (least > most)
        least = most = plot->one > 0 ? plot->one : plot->log ? 1 : 0;
    if (plot->one > 0) {
        find_ratios(plot, least, most, rows, ticks);
        return;
    }
    if (plot->log) {
        double first = floor(log10(least) + 1e-9), last = ceil(log10(most) - 1e-9);
        if (last <= first)
            last = first + 1;
        plot->bottom = first - (last - first) / (rows > 4 ? rows - 1 : 4); /* keeps the smallest value visible */
        plot->top = fmax(log10(most), first + 1) * (1 + 1e-9);
        int every = (int)ceil((last - first) / fmax(1, fmin(TICKS - 1, rows / 2.0)));
        ticks->step = 0;
        for (double power = first; power <= plot->top && ticks->count < TICKS; power += every)
            ticks->value[ticks->count++] = pow(10, power);
        return;
    }
    if (least > 0 && !chart->close_y)
        least = 0;
    if (most <= least && chart->close_y)
        least -= fmax(fabs(least) / 20, 1e-3);
    if (most <= least)
        most = least + 1;
    int steps = rows < 8 ? rows / 2 : 3 + rows / 6;
    ticks->step = axis_step(most - least, steps < TICKS - 2 ? steps : TICKS - 2);
    plot->bottom = floor(least / ticks->step + 1e-9) * ticks->step;
    plot->top = chart->tight_y ? most : ceil(most / ticks->step - 1e-9) * ticks->step;
    for (int i = 0; i < TICKS; i++) {
        double value = plot->bottom + i * ticks->step;
        if (value > plot->top + (chart->tight_y ? ticks->step / 1e6 : ticks->step / 2))
            break;
        ticks->value[ticks->count++] = fabs(value) < ticks->step / 1e6 ? 0 : value;
    }
}

/* Draws the legend at the right; where room is short, the series come before the line. */
static void draw_legend(struct rect r, const struct chart *chart, bool lines)
{
    int room = r.columns - (chart->y_title ? text_columns(chart->y_title) + 2 : 0), used = -2;
    size_t shown = 0, count = chart->series_count;
    bool line = false;

    if (chart->y_title)
        draw_text(r, 0, 0, STYLE_DIM, chart->y_title);
    while (shown < count && chart->series[shown].name && used + 4 + text_columns(chart->series[shown].name) <= room)
        used += 4 + text_columns(chart->series[shown++].name);
    if (!isnan(chart->line) && chart->line_name && used + 4 + text_columns(chart->line_name) <= room) {
        used += 4 + text_columns(chart->line_name);
        line = true;
    }
    int x = r.columns - used;
    for (size_t s = 0; s < shown; s++) {
        bool area = chart->filled && s + 1 == count;
        draw_text(r, 0, x, chart->series[s].style,
                  area               ? chart_symbol_area()
                  : s && chart->over ? chart_symbol_over(s)
                                     : chart_symbol(s, lines, chart->dashed));
        int style = chart->series[s].style == STYLE_LINE ? STYLE_DIM : chart->series[s].style; /* of text */
        x = draw_text(r, 0, x + 2, style, chart->series[s].name) + 2;
    }
    if (line) {
        draw_text(r, 0, x, STYLE_FAIR, chart_line_symbol());
        draw_text(r, 0, x + 2, STYLE_DIM, chart->line_name);
    }
}

/* Draws a label centred on a column, unless it would touch existing text. */
static void x_label(struct rect row, char *taken, int centre, const char *text)
{
    int width = text_columns(text), x = centre - width / 2;

    if (x + width > row.columns)
        x = row.columns - width;
    if (x < 0)
        x = 0;
    if (width > row.columns)
        return;
    for (int i = x > 0 ? x - 1 : 0; i <= x + width && i < row.columns; i++)
        if (taken[i])
            return;
    memset(taken + x, 1, (size_t)width);
    draw_text(row, 0, x, STYLE_DIM, text);
}

double chart_x_share(const struct chart *chart, double x)
{
    bool log = chart->log_x && chart->x_first > 0 && chart->x_last > 0 && x > 0;
    double span = log ? log10(chart->x_last / chart->x_first) : chart->x_last - chart->x_first;

    return span == 0 ? 0 : (log ? log10(x / chart->x_first) : x - chart->x_first) / span;
}

static int column_of(const struct chart *chart, const struct plot *plot, double x, bool lines)
{
    double share = chart_x_share(chart, x);

    if (lines)
        return (int)lround(share * (plot->area.columns - 1));
    double bins = (double)chart->count, used = chart_bar_columns(plot->area.columns, chart->count);
    return (int)floor((share * (bins - 1) + 0.5) / bins * used);
}

/* 1, 10, 100, ... and then, where there is room, 2, 5, 20, 50, ... */
static void draw_powers(struct rect row, char *taken, const struct chart *chart, const struct plot *plot)
{
    static const double factors[3] = {1, 2, 5};
    char text[AXIS_TEXT];

    for (int i = 0; i < 3; i++)
        for (double power = floor(log10(chart->x_first)); power <= log10(chart->x_last); power++) {
            double value = factors[i] * pow(10, power);
            if (value <= chart->x_first || value >= chart->x_last)
                continue;
            axis_label_end(text, value);
            x_label(row, taken, column_of(chart, plot, value, true), text);
        }
}

static void draw_x_axis(struct rect frame, int left, const struct chart *chart, const struct plot *plot, bool lines,
                        bool labels)
{
    char taken[CHART_SIDE] = {0}, text[AXIS_TEXT];
    int y = plot->area.rows, columns = plot->area.columns;
    struct rect row = rect_left(rect_right_of(rect_top(rect_below(frame, y + 1), labels), left), (int)sizeof taken);

    for (int x = 0; x < columns; x++)
        draw_text(frame, y, left + x, STYLE_LINE, glyph(GLYPH_HORIZONTAL));
    if (chart->count && chart->mark < chart->count) {
        int first = chart_bin_column(columns, chart->count, chart->mark);
        int after = chart_bin_column(columns, chart->count, chart->mark + 1);
        int x = lines && chart->count > 1
                    ? (int)((double)chart->mark / (double)(chart->count - 1) * (columns - 1) + 0.5)
                    : first + (after > first ? (after - first - 1) / 2 : 0);
        draw_text(frame, y, left + (x < columns ? x : columns - 1), STYLE_STRONG, glyph(GLYPH_UP));
    }
    if (lines && chart->point) {
        int x = column_of(chart, plot, chart->point[0], true);
        if (x >= 0 && x < columns)
            draw_text(frame, y, left + x, STYLE_STRONG, glyph(GLYPH_UP));
    }
    if (row.rows < 1 || row.columns < 1 || !isfinite(chart->x_first) || !isfinite(chart->x_last))
        return;
    double span = fabs(chart->x_last - chart->x_first);
    axis_label_end(text, chart->x_first);
    int first = chart->count || lines ? column_of(chart, plot, chart->x_first, lines) : 0;
    x_label(row, taken, first, text);
    if (span == 0)
        return;
    axis_label_end(text, chart->x_last);
    x_label(row, taken, chart->count || lines ? column_of(chart, plot, chart->x_last, lines) : columns - 1, text);
    if (chart->x_title) {
        int width = text_columns(chart->x_title), x = (columns - width) / 2;
        if (columns >= width + 16) {
            memset(taken + x - 2, 1, (size_t)width + 4);
            draw_text(row, 0, x, STYLE_DIM, chart->x_title);
        }
    }
    if (chart->count == 0 && !lines)
        return;
    if (chart->log_x && chart->x_first > 0 && chart->x_last > chart->x_first) {
        draw_powers(row, taken, chart, plot);
        return;
    }
    double step = axis_step(span, columns / 8);
    double low = fmin(chart->x_first, chart->x_last), high = fmax(chart->x_first, chart->x_last);
    for (double value = ceil(low / step) * step; value < high - step / 1e6; value += step) {
        if (value <= low + step / 1e6)
            continue;
        axis_label(text, fabs(value) < step / 1e6 ? 0 : value, step);
        x_label(row, taken, column_of(chart, plot, value, lines), text);
    }
}

static void label_tick(const struct plot *plot, const struct ticks *ticks, int i, char text[AXIS_TEXT])
{
    double value = ticks->value[i];

    if (plot->one > 0 && value < plot->one * 0.75)
        snprintf(text, AXIS_TEXT, "1/%.0f", plot->one / value);
    else if (plot->one > 0)
        snprintf(text, AXIS_TEXT, "%.0f", value / plot->one);
    else if (plot->log && value < 1)
        axis_label_end(text, value);
    else
        axis_label(text, value, ticks->step);
}

static void draw_y_axis(struct rect frame, int left, const struct plot *plot, const struct ticks *ticks)
{
    char text[AXIS_TEXT];
    int last = plot->area.rows + 2;

    for (int y = 0; y < plot->area.rows; y++)
        draw_text(frame, y, left - 1, STYLE_LINE, glyph(GLYPH_VERTICAL));
    draw_text(frame, plot->area.rows, left - 1, STYLE_LINE, terminal_unicode() ? "└" : glyph(GLYPH_BOTTOM_LEFT));
    for (int i = 0; i < ticks->count; i++) {
        int rows = plot->area.rows;
        int y = plot_row(plot, ticks->value[i]);
        if (y >= last - 1 && i > 0)
            continue; /* no two numbers in one row */
        label_tick(plot, ticks, i, text);
        draw_right(frame, y, left - 1, STYLE_DIM, "%s", text);
        if (y < rows)
            draw_text(frame, y, left - 1, STYLE_LINE, glyph(GLYPH_TEE_LEFT));
        last = y;
    }
}

struct plot chart_axes(struct rect r, const struct chart *chart, bool lines)
{
    bool ratio = chart->ratio_y && chart->line > 0;
    struct plot plot = {
        .log = chart->log_y && !ratio, .one = ratio ? chart->line : 0, .dots = lines && (chart->close_y || ratio)};
    struct ticks ticks;
    char text[AXIS_TEXT];
    bool title = r.rows >= 6, labels = r.rows >= 4, x_axis = r.rows >= 3;
    struct rect frame = rect_below(r, title);
    int rows = frame.rows - labels - x_axis, left = 0;

    if (rows < 0)
        rows = 0;
    find_scale(&plot, chart, rows, &ticks);
    for (int i = 0; i < ticks.count; i++) {
        label_tick(&plot, &ticks, i, text);
        int columns = text_columns(text) + 1;
        left = columns > left ? columns : left;
    }
    if (!x_axis || 3 * left > r.columns)
        left = 0;
    else
        left++; /* the axis */
    plot.area = rect_left(rect_top(rect_right_of(frame, left), rows), r.columns - left);
    if (r.rows < 1 || r.columns < 1)
        return plot;
    if (title)
        draw_legend(rect_top(r, 1), chart, lines);
    if (left)
        draw_y_axis(frame, left, &plot, &ticks);
    if (x_axis)
        draw_x_axis(frame, left, chart, &plot, lines, labels);
    return plot;
}
