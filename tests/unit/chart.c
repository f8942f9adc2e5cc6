#include "sanitized.h"
#include "screen.h"

#include "ui/draw/gauge.h"
#include "ui/draw/histogram.h"
#include "ui/draw/line_chart.h"

#include <math.h>

enum { COUNT = 300 };
static double rising[COUNT], odd[COUNT];

static void fill_values(void)
{
    for (int i = 0; i < COUNT; i++) {
        rising[i] = i * i;
        odd[i] = i % 7 == 0 ? NAN : i % 11 == 0 ? INFINITY : i % 5 == 0 ? -3 : 1e9 / (i + 1);
    }
}

/* Everything around the rectangle was filled with '!', none of which may be overwritten. */
static void check_border(struct rect screen, struct rect r)
{
    const char *text = screen_text("");
    size_t marks = 0;

    for (const char *at = text; *at; at++)
        marks += *at == '!';
    size_t want = (size_t)(screen.rows * screen.columns - r.rows * r.columns);
    if (marks != want)
        fail_msg("%dx%d: %zu cells around it instead of %zu\n%s", r.rows, r.columns, marks, want, text);
}

static void mark_around(struct rect screen, struct rect r)
{
    char row[256];

    memset(row, '!', sizeof row);
    row[screen.columns] = 0;
    for (int y = 0; y < screen.rows; y++)
        draw_text(screen, y, 0, STYLE_TEXT, row);
    draw_clear(r);
}

static void stay_in_their_rectangle(void **state)
{
    (void)state;
    static const int rows[] = {0, 1, 2, 3, 5, 6, 30}, columns[] = {0, 1, 2, 5, 13, 20, 120};
    static const size_t counts[] = {0, 1, 21, COUNT};
    static const char *const locales[] = {"C.UTF-8", "C"};
    struct chart_series series[3] = {
        {rising, STYLE_RULE_A, "raw"}, {odd, STYLE_RULE_B, "NCL"}, {rising, STYLE_RULE_C, NULL}};

    const double point[2] = {500, 20};
    const size_t step = SANITIZED ? 5 : 1;

    fill_values();
    for (int l = 0; l < 2; l++) {
        struct rect screen = screen_start("xterm-256color", locales[l], 32, 124, (struct terminal_options){0});
        for (size_t a = 0; a < sizeof rows / sizeof *rows; a++)
            for (size_t b = 0; b < sizeof columns / sizeof *columns; b++)
                for (size_t c = (a + b) % step; c < 4 * sizeof counts / sizeof *counts; c += step * (1 + (a + b) % 3)) {
                    struct rect r = {1, 2, rows[a], columns[b]};
                    struct chart chart = {.series = series,
                                          .series_count = c % 4,
                                          .count = counts[c / 4],
                                          .x_first = 0,
                                          .x_last = 1000,
                                          .x_title = "N_10",
                                          .y_title = "videos",
                                          .line = c % 2 ? 5 : NAN,
                                          .line_name = "fair",
                                          .log_y = c % 3 == 0,
                                          .mark = c % 5 ? 3 : SIZE_MAX,
                                          .x = c % 2 ? rising : NULL,
                                          .log_x = c % 3 == 1,
                                          .close_y = c % 7 == 3,
                                          .ratio_y = c % 5 == 1,
                                          .tight_y = c % 3 == 2,
                                          .filled = c % 2,
                                          .point = c % 4 == 3 ? point : NULL};
                    mark_around(screen, r);
                    histogram_draw(r, &chart);
                    draw_clear(r);
                    line_chart_draw(r, &chart);
                    draw_clear(r);
                    for (int y = 0; y < r.rows; y++)
                        gauge_bar(r, y, y % 3, 500, y * 3.0, 4, STYLE_UP);
                    check_border(screen, r);
                }
        terminal_stop();
    }
}

static void bars_have_lengths_and_numbers(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 8, 24, (struct terminal_options){0});
    double value[] = {0, 1, 2, 4};
    struct chart_series series = {value, STYLE_RULE_A, "raw"};
    struct chart chart = {
        .series = &series, .series_count = 1, .count = 4, .x_first = 0, .x_last = 3, .line = NAN, .mark = 2};

    histogram_draw(r, &chart);
    assert_string_equal(screen_text(""), "                   █ raw\n"
                                         " 4┤               ████\n"
                                         "  │               ████\n"
                                         " 2┤          ▄▄▄▄ ████\n"
                                         "  │     ▂▂▂▂ ████ ████\n"
                                         "  │     ████ ████ ████\n"
                                         " 0└────────────▲────────\n"
                                         "     0         2    3\n");
    terminal_stop();
}

static void curves_on_a_logarithmic_axis(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C", 9, 30, (struct terminal_options){0});
    double x[] = {1, 10, 1000}, value[] = {24, 26, 20}, point[2] = {100, 23};
    struct chart_series series = {value, STYLE_RULE_A, "raw"};
    struct chart chart = {.series = &series,
                          .series_count = 1,
                          .count = 3,
                          .x = x,
                          .x_first = 1,
                          .x_last = 1000,
                          .log_x = 1,
                          .close_y = 1,
                          .line = NAN,
                          .mark = SIZE_MAX,
                          .point = point};

    line_chart_draw(r, &chart);
    assert_string_equal(screen_text(""), "                         * raw\n"
                                         " 26+      *****\n"
                                         "   | ******   ****\n"
                                         "   |**           ****@\n"
                                         " 22+                 ****\n"
                                         "   |                    ****\n"
                                         " 20+                       ***\n"
                                         "   +-----------------^--------\n"
                                         "    1  2   10 20 50 100   1000\n");
    chart.hollow = 1;
    point[0] = 10;
    point[1] = NAN; /* only its place on the axis is known */
    draw_clear(r);
    line_chart_draw(r, &chart);
    const char *text = screen_text("");
    assert_null(strchr(text, '@'));
    assert_non_null(strstr(text, "+--------^-----------------"));
    point[1] = 26;
    draw_clear(r);
    line_chart_draw(r, &chart);
    assert_non_null(strchr(screen_text(""), 'o'));
    point[0] = 5000; /* beyond the axis */
    draw_clear(r);
    line_chart_draw(r, &chart);
    assert_null(strchr(screen_text(""), '^'));
    terminal_stop();
}

/* A curve has a gap where it has no value; the second is dashed if asked, in colours too. */
static void curves_with_gaps_and_dashes(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C", 6, 20, (struct terminal_options){0});
    double first[] = {1, 1, NAN, NAN, 3}, second[] = {2, 2, 2, 2, 2};
    struct chart_series series[2] = {{first, STYLE_RULE_A, "one"}, {second, STYLE_RULE_B, "two"}};
    struct chart chart = {
        .series = series, .series_count = 1, .count = 5, .x_last = 4, .close_y = 1, .line = NAN, .mark = SIZE_MAX};

    line_chart_draw(r, &chart);
    assert_string_equal(screen_text(""), "               * one\n"
                                         " 4+                *\n"
                                         "  |*****\n"
                                         " 0+\n"
                                         "  +-----------------\n"
                                         "   0       2       4\n");
    terminal_stop();

    r = screen_start("xterm-256color", "C.UTF-8", 6, 20, (struct terminal_options){0});
    chart.series_count = 2;
    line_chart_draw(r, &chart);
    const char *text = screen_text("");
    assert_non_null(strstr(text, "━ one  ━ two"));
    assert_null(strstr(text, "⠒ ⠒"));
    chart.dashed = 1;
    draw_clear(r);
    line_chart_draw(r, &chart);
    text = screen_text("");
    assert_non_null(strstr(text, "━ one  ╍ two"));
    terminal_stop();
}

/* With room for bars side by side, the second series is yet a line over the first. */
static void lines_over_bars(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 7, 20, (struct terminal_options){0});
    double first[] = {2, 1, 0}, second[] = {1, 2, 1};
    struct chart_series series[2] = {{first, STYLE_DIM, "one"}, {second, STYLE_RULE_B, "two"}};
    struct chart chart = {
        .series = series, .series_count = 2, .count = 3, .x_last = 2, .line = NAN, .mark = SIZE_MAX, .over = 1};

    histogram_draw(r, &chart);
    const char *text = screen_text("");
    assert_non_null(strstr(text, "█ one  ━ two"));
    assert_non_null(strstr(text, "━━━━"));
    terminal_stop();
}

/* The last series is an area, the first an outline over it, and the fair share lies in front of both; the axis ends at
 * the data, not at the next round number. */
static void an_area_under_an_outline(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C", 10, 30, (struct terminal_options){0});
    double before[] = {11, 2, 1, 0.5}, after[] = {4, 2, 1.5, 1};
    struct chart_series series[2] = {{before, STYLE_RULE_A, "raw"}, {after, STYLE_RULE_B, "NCL"}};
    struct chart chart = {.series = series,
                          .series_count = 2,
                          .count = 4,
                          .x_first = 1,
                          .x_last = 4,
                          .line = 2,
                          .line_name = "fair",
                          .tight_y = 1,
                          .filled = 1,
                          .mark = SIZE_MAX};

    line_chart_draw(r, &chart);
    assert_string_equal(screen_text(""), "          * raw  : NCL  - fair\n"
                                         " 10+**\n"
                                         "   | ***\n"
                                         "   |   **\n"
                                         "  5+    ***\n"
                                         "   |:     ***\n"
                                         "   |-:-:-:-:-*-*-*-*-*- - - -\n"
                                         "   |::::::::::::::::::********\n"
                                         "  0+--------------------------\n"
                                         "    1       2        3       4\n");
    chart.ratio_y = 1;
    draw_clear(r);
    line_chart_draw(r, &chart);
    assert_string_equal(screen_text(""), "          * raw  : NCL  - fair\n"
                                         "    |**\n"
                                         "   4+ ****\n"
                                         "    |::  ***\n"
                                         "   1+- - - -*-*- - - - - - - -\n"
                                         "    |         ******* ::::::::\n"
                                         "    |               *******\n"
                                         " 1/4+                     ****\n"
                                         "    +-------------------------\n"
                                         "     1       2       3       4\n");
    terminal_stop();
}

/* A ratio has its fair share at 1, doubles at equal steps, and loses no room to values near 0. */
static void ratios_to_the_line(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 14, 40, (struct terminal_options){0});
    double value[] = {16, 2, 1e-9};
    struct chart_series series = {value, STYLE_RULE_A, NULL};
    struct chart chart = {.series = &series, .series_count = 1, .count = 3, .x_last = 2, .line = 2, .ratio_y = 1};

    struct plot plot = chart_axes(r, &chart, true);
    assert_true(plot.one == 2 && plot.top == 3 && plot.bottom == -4);
    assert_int_equal(plot_row(&plot, 16), 0);
    assert_int_equal(plot_row(&plot, 1e-9), plot.area.rows - 1);
    assert_true(fabs(plot_share(&plot, 2) - 4.0 / 7) < 1e-12);
    assert_true(fabs(plot_share(&plot, 4) - plot_share(&plot, 2) - 1.0 / 7) < 1e-12);
    assert_true(fabs(plot_share(&plot, 2) - plot_share(&plot, 1) - 1.0 / 7) < 1e-12);
    assert_int_equal(chart_line_row(&chart, &plot), plot_row(&plot, 2));
    value[0] = value[1] = value[2] = 2; /* all at their fair share */
    draw_clear(r);
    plot = chart_axes(r, &chart, true);
    assert_true(plot.top == 1 && plot.bottom == -1);
    chart.line = 0; /* no ratio to that: a plain axis */
    assert_true(chart_axes(r, &chart, true).one == 0);
    terminal_stop();
}

static void horizontal_bars(void **state)
{
    (void)state;
    struct rect r = screen_start("xterm-256color", "C.UTF-8", 6, 10, (struct terminal_options){0});

    gauge_bar(r, 0, 0, 8, 1, 1, STYLE_UP);
    gauge_bar(r, 1, 0, 8, 0.5, 1, STYLE_UP);
    gauge_bar(r, 2, 0, 8, 5, 16, STYLE_UP);
    gauge_bar(r, 3, 0, 8, 1e-9, 1, STYLE_UP);
    gauge_bar(r, 4, 0, 8, NAN, 1, STYLE_UP);
    gauge_bar(r, 5, 0, 8, 3, 1, STYLE_UP);
    assert_string_equal(screen_text(""), "████████\n████\n██▌\n▏\n\n████████\n");
    terminal_stop();
}

static void counts_into_bins(void **state)
{
    (void)state;
    double values[] = {-5, 0, 0.9, 1, 2.5, 3.99, 4, 99, NAN}, counts[4];

    histogram_count(values, 9, 0, 4, 4, counts);
    assert_true(counts[0] == 3 && counts[1] == 1 && counts[2] == 1 && counts[3] == 3);
    histogram_count(values, 9, 1, 1, 4, counts);
    assert_true(counts[0] == 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stay_in_their_rectangle),
        cmocka_unit_test(bars_have_lengths_and_numbers),
        cmocka_unit_test(curves_on_a_logarithmic_axis),
        cmocka_unit_test(curves_with_gaps_and_dashes),
        cmocka_unit_test(lines_over_bars),
        cmocka_unit_test(an_area_under_an_outline),
        cmocka_unit_test(ratios_to_the_line),
        cmocka_unit_test(horizontal_bars),
        cmocka_unit_test(counts_into_bins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
