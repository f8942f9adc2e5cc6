/* Shows every style, glyph, chart and picture for visual inspection.
 *
 *   paint_demo [never|8|256|direct] [ascii] [light|dark] [charts|images] [save FILE] */
#include "ui/draw/draw.h"
#include "ui/draw/gauge.h"
#include "ui/draw/histogram.h"
#include "ui/draw/image.h"
#include "ui/draw/line_chart.h"
#include "ui/terminal/event.h"
#include "ui/terminal/screenshot.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[STYLES] = {
    "TEXT", "DIM",  "LINE", "STRONG",  "BAR",    "BAR_ITEM", "KEY",   "RULE_A",  "RULE_B", "RULE_C",
    "UP",   "DOWN", "HUB",  "ANTIHUB", "TARGET", "FAIR",     "INPUT", "UNKNOWN", "ERROR",
};

static void demo_bars(struct rect r)
{
    struct rect top = rect_top(r, 1), foot = rect_below(r, r.rows - 1);
    static const char *const keys[][2] = {{"/", "query"},  {"1-9", "rule"}, {"c", "compare"},
                                          {"Tab", "pane"}, {"?", "help"},   {"q", "quit"}};
    int x = 1;

    draw_fill(top, STYLE_BAR);
    draw_text(top, 0, 1, STYLE_STRONG | STYLE_ON_BAR, "motion");
    x = draw_text(top, 0, 9, STYLE_BAR, "500 videos  1000 queries  bank ");
    x = draw_text(top, 0, x, STYLE_TEXT | STYLE_ON_BAR, "train") + 2;
    x = draw_text(top, 0, x, STYLE_BAR_ITEM, " Search ");
    x = draw_text(top, 0, x, STYLE_BAR, " Hubs  Mass  Shifts  Metrics ");
    x = draw_text(top, 0, x + 1, STYLE_RULE_A | STYLE_ON_BAR, "1 raw");
    x = draw_text(top, 0, x + 2, STYLE_RULE_B | STYLE_ON_BAR, "3 NCL");
    draw_text(top, 0, x + 2, STYLE_RULE_C | STYLE_ON_BAR, "2 QB-Norm");
    draw_fill(foot, STYLE_BAR);
    x = 1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        x = draw_text(foot, 0, x, STYLE_KEY | STYLE_ON_BAR, keys[i][0]);
        x = draw_text(foot, 0, x + 1, STYLE_BAR, keys[i][1]) + 3;
    }
}

static void demo_rows(struct rect r, int rule, const char *title, int marked)
{
    static const char *const titles[] = {"smiling face with tear",
                                         "sleepy face",
                                         "crying face",
                                         "loudly crying face",
                                         "泣いている顔 crying face in Japanese",
                                         "cafe\xcc\x81 au lait, sad but relieved",
                                         "face with hand over mouth",
                                         "melting"};

    draw_horizontal(r, 0, rule, title);
    for (int i = 0; i < 8 && i + 1 < r.rows; i++) {
        int ground = i == marked ? STYLE_SELECTED : i == marked + 2 ? STYLE_MARKED : 0, x;
        struct rect row = rect_left(rect_top(rect_below(r, i + 1), 1), r.columns - 1);
        draw_fill(row, STYLE_TEXT | ground);
        draw_right(row, 0, 3, STYLE_DIM | ground, "%d", i + 1);
        x = draw_text(rect_left(row, r.columns - 22), 0, 4, STYLE_TEXT | ground, titles[i]) + 1;
        if (i % 3 == 0)
            x = draw_text(row, 0, x, STYLE_HUB | ground, glyph(GLYPH_HUB)) + 1;
        if (i == 3)
            draw_text(row, 0, x, STYLE_TARGET | ground, glyph(GLYPH_TARGET));
        if (i % 2)
            draw_format(row, 0, row.columns - 17, STYLE_UP | ground, "%s %d", glyph(GLYPH_UP), i);
        else if (i)
            draw_format(row, 0, row.columns - 17, STYLE_DOWN | ground, "%s %d", glyph(GLYPH_DOWN), i);
        else
            draw_format(row, 0, row.columns - 17, STYLE_DIM | ground, "%s", glyph(GLYPH_SAME));
        draw_right(row, 0, row.columns - 1, rule | ground, ".%03d", 300 / (i + 2));
    }
    draw_scrollbar(rect_below(r, 1), 3, (size_t)r.rows - 1, 40);
}

static void demo_styles(struct rect r)
{
    struct rect body = rect_below(rect_top(r, r.rows - 1), 1);
    int third = body.columns / 3;

    demo_bars(r);
    draw_text(body, 0, 1, STYLE_KEY, "/");
    int x = draw_text(body, 0, 3, STYLE_INPUT, "yellow face crying with ");
    x = draw_text(body, 0, x, STYLE_UNKNOWN, "tearz");
    draw_text(body, 0, x, STYLE_INPUT, glyph(GLYPH_CURSOR));
    draw_right(body, 0, body.columns - 1, STYLE_DIM, "5 of 6 words known   0.8 ms");
    struct rect lists = rect_top(rect_below(body, 2), 10);
    demo_rows(rect_left(lists, third - 1), STYLE_RULE_A, "raw", 1);
    draw_vertical(lists, third - 1, STYLE_DIM);
    demo_rows(rect_left(rect_right_of(lists, third), third - 1), STYLE_RULE_B, "NCL, 4 iterations", 3);
    draw_vertical(lists, 2 * third - 1, STYLE_DIM);
    demo_rows(rect_right_of(lists, 2 * third), STYLE_RULE_C, "QB-Norm", -5);
    struct rect table = rect_below(body, 13);
    for (int i = 0; i < STYLES && i < table.rows; i++) {
        draw_text(table, i, 1, STYLE_DIM, names[i]);
        draw_text(table, i, 12, i, "loudly crying 0.182");
        draw_text(table, i, 34, i | STYLE_SELECTED, "loudly crying 0.182");
        draw_text(table, i, 56, i | STYLE_MARKED, "loudly crying 0.182");
        draw_text(table, i, 78, i | STYLE_ON_BAR, "loudly crying 0.182");
    }
    struct rect box = rect_top(rect_right_of(table, 100), 9);
    draw_box(box, STYLE_STRONG, "glyphs");
    struct rect inside = rect_inset(box, 1, 2);
    for (int i = 0; i < GLYPHS; i++)
        draw_text(inside, i / 8, 2 * (i % 8), STYLE_TEXT, glyph((enum glyph)i));
    draw_wrapped(inside, 4, 0, 3, STYLE_TEXT, "a sentence that is wrapped over a few rows and then cut at the end");
    draw_text(box, 8, 2, STYLE_ERROR, " no such bank ");
}

static void demo_charts(struct rect r)
{
    enum { BINS = 21, ITEMS = 500 };
    static double hubs[BINS], fair[BINS], mass[ITEMS], even[ITEMS], third[ITEMS];
    int half = r.columns / 2, upper = r.rows / 2;

    for (int i = 0; i < BINS; i++) {
        hubs[i] = floor(140 * exp(-i / 3.0)) + (i == 18) * 2;
        fair[i] = floor(60 * exp(-(i - 6) * (i - 6) / 12.0));
    }
    for (int i = 0; i < ITEMS; i++) {
        mass[i] = 14 * exp(-i / 60.0) + 0.1;
        even[i] = 4 * exp(-i / 300.0) + 0.2;
        third[i] = 8 * exp(-i / 120.0);
    }
    struct chart_series bins[] = {{hubs, STYLE_RULE_A, "raw"}, {fair, STYLE_RULE_B, "NCL"}};
    struct chart_series masses[] = {
        {mass, STYLE_RULE_A, "raw"}, {even, STYLE_RULE_B, "NCL"}, {third, STYLE_RULE_C, "IS"}};
    struct chart histogram = {.series = bins,
                              .series_count = 2,
                              .count = BINS,
                              .x_first = 0,
                              .x_last = 20,
                              .x_title = "N_10",
                              .y_title = "videos",
                              .line = 47.6,
                              .line_name = "fair 47.6",
                              .mark = 6};
    struct chart curve = {.series = masses,
                          .series_count = 3,
                          .count = ITEMS,
                          .x_first = 1,
                          .x_last = ITEMS,
                          .x_title = "video",
                          .y_title = "mass",
                          .line = 2,
                          .line_name = "fair 2.0",
                          .mark = 40};
    struct chart one = histogram, logarithmic = histogram,
                 empty = {.line = NAN, .mark = SIZE_MAX, .x_last = 1, .y_title = "nothing yet"};
    one.series_count = 1;
    logarithmic.log_y = 1;
    logarithmic.series_count = 1;
    logarithmic.line = NAN;
    struct rect top = rect_top(r, upper), below = rect_below(r, upper + 1);
    histogram_draw(rect_inset(rect_left(top, half), 0, 1), &histogram);
    line_chart_draw(rect_inset(rect_right_of(top, half), 0, 1), &curve);
    histogram_draw(rect_inset(rect_left(below, 40), 0, 1), &logarithmic);
    histogram_draw(rect_left(rect_top(rect_right_of(below, 42), 5), 20), &one);
    histogram_draw(rect_left(rect_top(rect_below(rect_right_of(below, 42), 6), 7), 20), &histogram);
    line_chart_draw(rect_left(rect_top(rect_right_of(below, 64), 5), 20), &curve);
    line_chart_draw(rect_left(rect_top(rect_below(rect_right_of(below, 64), 6), 7), 20), &empty);
    struct rect bars = rect_right_of(below, 86);
    for (int i = 0; i < 12; i++) {
        int ground = i == 4 ? STYLE_SELECTED : 0;
        draw_fill(rect_top(rect_below(bars, i), 1), STYLE_TEXT | ground);
        draw_right(bars, i, 5, STYLE_DIM | ground, "%.2f", mass[i * 12]);
        gauge_bar(bars, i, 6, bars.columns - 7, mass[i * 12], mass[0], (i % 2 ? STYLE_RULE_B : STYLE_RULE_A) | ground);
    }
}

/* Colours, greys and a disc, as in a thumbnail. */
static void paint(struct picture *picture)
{
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++) {
            uint8_t *p = picture->rgb + 3 * (y * picture->width + x);
            int dy = y - 50, dx = x - 80, inside = dx * dx + dy * dy < 35 * 35;
            p[0] = (uint8_t)(inside ? 250 - y : x);
            p[1] = (uint8_t)(inside ? 200 - dx : 2 * y);
            p[2] = (uint8_t)(inside ? 40 : 160 - x);
        }
}

static void demo_images(struct rect r)
{
    struct picture picture = {.width = 160, .height = 100, .frames = 1, .rgb = malloc(160 * 100 * 3)};

    if (!picture.rgb)
        return;
    paint(&picture);
    struct rect large = image_fit(rect_left(r, r.columns * 2 / 3), 160, 100);
    struct rect rest = rect_inset(rect_right_of(r, r.columns * 2 / 3), 1, 1);
    image_draw(large, &picture, 0);
    image_draw(image_fit(rect_top(rest, rest.rows / 3), 160, 100), &picture, 0);
    image_draw(rect_top(rect_below(rest, rest.rows / 3 + 1), rest.rows / 3), NULL, 0);
    free(picture.rgb);
}

/* The first character of the next key; suspends first if the key is Ctrl-Z. */
static char wait_for_key(void)
{
    struct pollfd input = {.fd = terminal_input(), .events = POLLIN};
    struct event event;

    while (!event_read(&event))
        poll(&input, 1, (int)event_wait());
    char first = strcmp(event.key, "Ctrl-C") == 0 ? 'q' : event.key[0];
    if (strcmp(event.key, "Ctrl-Z") == 0)
        terminal_suspend();
    event_close(&event);
    return first;
}

int main(int argc, char **argv)
{
    struct terminal_options options = {0};
    struct error error;
    const char *save = NULL, *page = "";

    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        if (!strcmp(a, "never"))
            options.colour = COLOUR_NEVER;
        else if (!strcmp(a, "8"))
            options.colour = COLOUR_8;
        else if (!strcmp(a, "256"))
            options.colour = COLOUR_256;
        else if (!strcmp(a, "direct"))
            options.colour = COLOUR_DIRECT;
        else if (!strcmp(a, "ascii"))
            options.ascii = true;
        else if (!strcmp(a, "light"))
            options.background = BACKGROUND_LIGHT;
        else if (!strcmp(a, "dark"))
            options.background = BACKGROUND_DARK;
        else if (!strcmp(a, "save") && i + 1 < argc) {
            save = argv[++i];
            options.no_display = true;
        } else
            page = a;
    }
    if (terminal_start(&options, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    theme_start();
    struct rect r = {0, 0, terminal_rows(), terminal_columns()};
    draw_clear(r);
    if (!strcmp(page, "charts"))
        demo_charts(r);
    else if (!strcmp(page, "images"))
        demo_images(r);
    else
        demo_styles(r);
    terminal_refresh();
    int status = save ? screenshot_save(save, &error) : 0;
    while (!save && wait_for_key() != 'q')
        terminal_refresh();
    terminal_stop();
    return status ? 1 : 0;
}
