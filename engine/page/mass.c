#include "engine/base/memory.h"
#include "engine/page/figure.h"
#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 200, LORENZ = 100, WIDTH = 420, HEIGHT = 300 };
#define STEEP 20 /* times the fair share: above it the axis is logarithmic */

struct curves {
    const struct analysis *analysis[2]; /* raw, and the rule if it has mass */
    size_t count;
    double x[POINTS + 1], y[2][POINTS + 1];
    size_t points;
    double lorenz[2][LORENZ + 1], gini[2];
};

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x < y) - (x > y);
}

/* Samples the sorted mass, in fair shares, at evenly spaced positions.  -1 when out of memory. */
static int sort_mass(struct curves *curves, size_t which)
{
    const struct analysis *analysis = curves->analysis[which];
    size_t m = analysis->gallery;
    double fair = analysis->mass_summary.expected, *sorted = memory_array(m, sizeof *sorted);

    if (!sorted)
        return -1;
    for (size_t j = 0; j < m; j++)
        sorted[j] = analysis->mass[j] / fair;
    qsort(sorted, m, sizeof *sorted, descending);
    curves->points = m < POINTS + 1 ? m : POINTS + 1;
    for (size_t i = 0; i < curves->points; i++) {
        size_t at = i * (m - 1) / (curves->points - 1);
        curves->x[i] = (double)(at + 1);
        curves->y[which][i] = sorted[at];
    }
    free(sorted);
    return 0;
}

/* -1 when out of memory. */
static int make_curves(struct curves *curves, const struct page *page)
{
    const struct analysis *rule = page_focus(page);

    *curves = (struct curves){.analysis = {page_raw(page), rule}, .count = rule && rule->mass ? 2 : 1};
    for (size_t i = 0; i < curves->count; i++) {
        const struct analysis *analysis = curves->analysis[i];
        if (sort_mass(curves, i) || lorenz_of(analysis->mass, analysis->gallery, LORENZ, curves->lorenz[i]))
            return -1;
        double area = 0;
        for (size_t p = 0; p < LORENZ; p++)
            area += (curves->lorenz[i][p] + curves->lorenz[i][p + 1]) / (2 * LORENZ);
        curves->gini[i] = 1 - 2 * area;
    }
    return 0;
}

static const char *line_class(size_t which)
{
    return which ? "rule-line" : "raw-line";
}

/* "raw 1.93, NCL 1.20", after what `text` has. */
static void add_values(char *text, size_t size, const struct page *page, const struct curves *curves,
                       const double *value, double factor, const char *unit)
{
    const struct page_side *side = page->side[0];
    char title[256];

    for (size_t i = 0; i < curves->count; i++) {
        page_rule_title(side, i ? side->focus : 0, title, sizeof title);
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s %.2f%s", i ? ", " : "", title, factor * value[i], unit);
    }
}

/* Over each sampled item, halfway to its neighbours. */
static void sorted_values(const struct figure *figure, const struct page *page, const struct curves *curves)
{
    char text[700];

    for (size_t p = 0; p < curves->points; p++) {
        double x = curves->x[p], value[2] = {curves->y[0][p], curves->y[1][p]};
        double before = p ? (x + curves->x[p - 1]) / 2 : x,
               after = p + 1 < curves->points ? (x + curves->x[p + 1]) / 2 : x;
        snprintf(text, sizeof text, "number %.0f of %zu, in fair shares: ", x, curves->analysis[0]->gallery);
        add_values(text, sizeof text, page, curves, value, 1, "");
        figure_values(figure, before, after, text);
    }
}

static void lorenz_values(const struct figure *figure, const struct page *page, const struct curves *curves)
{
    char text[700];

    for (size_t p = 1; p < LORENZ; p += 2) {
        double value[2] = {curves->lorenz[0][p], curves->lorenz[1][p]};
        snprintf(text, sizeof text, "the poorest %zu %% of the %s have of the mass: ", p * 100 / LORENZ,
                 page_items(page->side[0]));
        add_values(text, sizeof text, page, curves, value, 100, " %");
        figure_values(figure, (double)(p - 1) / LORENZ, (double)(p + 1) / LORENZ, text);
    }
}

static void sorted_figure(struct html *html, const struct page *page, const struct curves *curves)
{
    const struct page_side *side = page->side[0];
    size_t m = curves->analysis[0]->gallery;
    double most = 1, least = 1;
    char title[320], description[512], along[64];

    for (size_t i = 0; i < curves->count; i++)
        for (size_t p = 0; p < curves->points; p++) {
            most = fmax(most, curves->y[i][p]);
            least = curves->y[i][p] > 0 ? fmin(least, curves->y[i][p]) : least;
        }
    bool log = most > STEEP;
    double low = log ? fmax(pow(10, floor(log10(least))), 1e-4) : 0, high = log ? most * 1.3 : most * 1.05;
    snprintf(title, sizeof title, "Mass of every one of the %s, sorted", page_items(side));
    snprintf(description, sizeof description,
             "Sorted mass in fair shares. Under raw the greediest holds %.1f fair shares and the poorest %.2f%s",
             curves->y[0][0], curves->y[0][curves->points - 1], curves->count > 1 ? "" : ".");
    if (curves->count > 1) {
        char more[128];
        snprintf(more, sizeof more, "; under the rule %.1f and %.2f.", curves->y[1][0],
                 curves->y[1][curves->points - 1]);
        snprintf(description + strlen(description), sizeof description - strlen(description), "%s", more);
    }
    html_open(html, "figure", "");
    html_open(html, "figcaption", "");
    html_put(html, "<b>");
    html_text(html, title);
    html_print(html, "</b> <span>%s</span>", log ? "logarithmic" : "");
    html_close(html);
    snprintf(along, sizeof along, "%s, most mass first", page_items(side));
    struct figure figure =
        figure_begin(html, WIDTH, HEIGHT, (struct figure_axis){1, (double)(m > 1 ? m : 2), false, FIGURE_WHOLE, along},
                     (struct figure_axis){low, high, log, FIGURE_NUMBERS, "mass, in fair shares"}, title, description);
    for (size_t i = 0; i < curves->count; i++)
        figure_line(&figure, line_class(i), curves->x, curves->y[i], curves->points);
    figure_level(&figure, "fair", 1, "fair share");
    sorted_values(&figure, page, curves);
    figure_end(&figure);
    html_close(html);
}

static void lorenz_figure(struct html *html, const struct page *page, const struct curves *curves)
{
    const struct page_side *side = page->side[0];
    double x[LORENZ + 1], ends[2] = {0, 1};
    char description[512], text[160], along[64];

    for (size_t p = 0; p <= LORENZ; p++)
        x[p] = (double)p / LORENZ;
    measure_lorenz_reading(page_task(side)->direction, 0.5, curves->lorenz[0][LORENZ / 2], text, sizeof text);
    snprintf(description, sizeof description, "Lorenz curve of the mass. Under raw %s", text);
    if (curves->count > 1) {
        measure_lorenz_reading(page_task(side)->direction, 0.5, curves->lorenz[1][LORENZ / 2], text, sizeof text);
        snprintf(description + strlen(description), sizeof description - strlen(description), "; under the rule %s",
                 text);
    }
    html_open(html, "figure", "");
    html_open(html, "figcaption", "");
    html_put(html, "<b>Lorenz curve of the mass</b> <span>Gini index ");
    page_number(html, curves->gini[0], 3);
    if (curves->count > 1) {
        html_put(html, " \xe2\x86\x92 ");
        page_number(html, curves->gini[1], 3);
    }
    html_put(html, "</span>");
    html_close(html);
    snprintf(along, sizeof along, "share of the %s, poorest first", page_items(side));
    struct figure figure = figure_begin(html, WIDTH, HEIGHT, (struct figure_axis){0, 1, false, FIGURE_PERCENT, along},
                                        (struct figure_axis){0, 1, false, FIGURE_PERCENT, "share of the mass"},
                                        "Lorenz curve of the mass", description);
    figure_line(&figure, "fair", ends, ends, 2);
    for (size_t i = 0; i < curves->count; i++)
        figure_line(&figure, line_class(i), x, curves->lorenz[i], LORENZ + 1);
    lorenz_values(&figure, page, curves);
    figure_end(&figure);
    html_close(html);
}

/* "Raw: the poorest half hold ...; 190 of 500 videos hold more than their fair share." */
static void says(struct html *html, const struct page *page, const struct curves *curves, size_t which,
                 const char *title)
{
    enum direction direction = page_task(page->side[0])->direction;
    const struct analysis *analysis = curves->analysis[which];
    size_t over = 0;
    char text[200];

    for (size_t j = 0; j < analysis->gallery; j++)
        over += analysis->mass[j] > analysis->mass_summary.expected;
    html_print(html, "<span class=\"%s\">", which ? "rule-word" : "raw-word");
    html_text(html, title);
    html_put(html, ":</span> ");
    measure_lorenz_reading(direction, 0.5, curves->lorenz[which][LORENZ / 2], text, sizeof text);
    html_text(html, text);
    measure_over_reading(direction, over, analysis->gallery, text, sizeof text);
    html_say(html, "; %s. ", text);
}

void page_mass(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    struct curves *curves = memory_array(1, sizeof *curves);
    char title[256];

    (void)job;
    if (!curves || make_curves(curves, page)) {
        html->failed = true;
        free(curves);
        return;
    }
    page_rule_title(side, side->focus, title, sizeof title);
    html_open(html, "p", "");
    html_put(html, "A query's probabilities sum to 1; an item's mass is what it gets from all queries. ");
    says(html, page, curves, 0, "Raw");
    if (curves->count > 1)
        says(html, page, curves, 1, title);
    else if (page_focus(page))
        html_say(html, "%s orders without probabilities, so it has no mass.", title);
    html_close(html);
    html_open(html, "div", "class=\"figures\"");
    sorted_figure(html, page, curves);
    lorenz_figure(html, page, curves);
    html_close(html);
    if (curves->count > 1) {
        html_open(html, "p", "class=\"note\"");
        html_put(html, "Dashed lines are <span class=\"raw-word\">raw</span>, solid lines <span class=\"rule-word\">");
        html_text(html, title);
        html_put(html, "</span>; dotted is the fair share.");
        html_close(html);
    }
    free(curves);
}
