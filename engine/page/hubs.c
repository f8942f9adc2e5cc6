#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "engine/page/figure.h"
#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINS_MOST = 40, CAPTURES_SHOWN = 3, N = ANALYSIS_KS - 1 };

/* How many lists each item would appear in if all were alike; lists are no longer than the gallery. */
static double fair_lists(const struct analysis *analysis)
{
    double k = analysis->gallery < PAGE_K ? (double)analysis->gallery : PAGE_K;

    return k * (double)analysis->queries / (double)analysis->gallery;
}

/* ---- the distribution of N_10 ---- */

struct bins {
    size_t count, width; /* of a bin, in lists */
    double most;         /* items of the fullest bin of any rule */
};

static void count_bins(const struct analysis *analysis, const struct bins *bins, double *items)
{
    memset(items, 0, bins->count * sizeof *items);
    for (size_t j = 0; j < analysis->gallery; j++)
        items[analysis->occurrence[N][j] / bins->width]++;
}

/* "N₁₀ 3 to 5: 12 videos, raw 9" over each bin. */
static void bin_values(const struct figure *figure, const struct page_side *side, const struct bins *bins,
                       const double *items, const double *raw)
{
    char text[160], also[48];

    for (size_t i = 0; i < bins->count; i++) {
        size_t first = i * bins->width, last = first + bins->width - 1;
        snprintf(also, sizeof also, raw ? ", raw %.0f" : "", raw ? raw[i] : 0);
        if (last > first)
            snprintf(text, sizeof text, "N₁₀ %zu to %zu: %.0f %s%s", first, last, items[i], page_items(side), also);
        else
            snprintf(text, sizeof text, "N₁₀ %zu: %.0f %s%s", first, items[i], page_items(side), also);
        figure_values(figure, (double)first, (double)(last + 1), text);
    }
}

/* Bins that serve every rule. */
static struct bins find_bins(const struct page_side *side)
{
    struct bins bins = {.most = 1};
    double items[BINS_MOST];
    uint32_t largest = 0;

    for (size_t r = 0; r < side->study.entries; r++)
        largest = side->study.analysis[r].hubness[N].max > largest ? side->study.analysis[r].hubness[N].max : largest;
    bins.width = ((size_t)largest + BINS_MOST) / BINS_MOST;
    bins.count = largest / bins.width + 1;
    for (size_t r = 0; r < side->study.entries; r++) {
        count_bins(&side->study.analysis[r], &bins, items);
        for (size_t i = 0; i < bins.count; i++)
            bins.most = fmax(bins.most, items[i]);
    }
    return bins;
}

static void histogram(struct html *html, const struct page_side *side, size_t rule, const struct bins *bins)
{
    const struct analysis *analysis = &side->study.analysis[rule];
    double items[BINS_MOST], raw[BINS_MOST], width = (double)bins->width;
    double fair = fair_lists(analysis);
    char title[256], name[320], description[512];

    page_rule_title(side, rule, title, sizeof title);
    html_open(html, "figure", "");
    html_open(html, "figcaption", "");
    html_print(html, "<b%s>", rule == 0 ? " class=\"raw-word\"" : rule == side->focus ? " class=\"rule-word\"" : "");
    html_text(html, title);
    html_put(html, "</b> <span>skewness ");
    page_number(html, analysis->hubness[N].skewness, 2);
    html_print(html, ", largest %u</span>", analysis->hubness[N].max);
    html_close(html);
    snprintf(name, sizeof name, "N₁₀ under %s", title);
    snprintf(description, sizeof description,
             "Histogram: how many %s appear in how many top-10 lists. Fair is %.1f lists, the largest is %u, %.0f "
             "appear in none%s.",
             page_items(side), fair, analysis->hubness[N].max,
             analysis->hubness[N].antihub_rate * (double)analysis->gallery, rule ? "; the outline is raw" : "");
    struct figure figure = figure_begin(
        html, 240, 150, (struct figure_axis){0, width * (double)bins->count, false, FIGURE_WHOLE, "N₁₀, lists"},
        (struct figure_axis){0, bins->most * 1.04, false, FIGURE_WHOLE, page_items(side)}, name, description);
    count_bins(analysis, bins, items);
    count_bins(&side->study.analysis[0], bins, raw);
    for (size_t i = 0; i < bins->count; i++)
        figure_bar(&figure, rule ? "rule-area" : "raw-area", width * (double)i, width * (double)(i + 1), items[i]);
    if (rule)
        figure_steps(&figure, "raw-steps", 0, width, raw, bins->count);
    figure_upright(&figure, "fair", fmin(fair, width * (double)bins->count), "fair");
    bin_values(&figure, side, bins, items, rule ? raw : NULL);
    figure_end(&figure);
    html_close(html);
}

/* ---- the hubs ---- */

struct hub {
    uint32_t count, item;
};

static int by_count(const void *left, const void *right)
{
    const struct hub *a = left, *b = right;

    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return (a->item > b->item) - (a->item < b->item);
}

/* The items in the most lists of raw, most first; returns how many were written, SIZE_MAX when out of memory. */
static size_t top_hubs(const struct analysis *raw, struct hub hubs[PAGE_HUBS])
{
    struct hub *all = memory_array(raw->gallery, sizeof *all);
    size_t shown = raw->gallery < PAGE_HUBS ? raw->gallery : PAGE_HUBS;

    if (!all)
        return SIZE_MAX;
    for (size_t j = 0; j < raw->gallery; j++)
        all[j] = (struct hub){raw->occurrence[N][j], (uint32_t)j};
    qsort(all, raw->gallery, sizeof *all, by_count);
    while (shown && !all[shown - 1].count)
        shown--;
    memcpy(hubs, all, shown * sizeof *hubs);
    free(all);
    return shown;
}

/* Stolen queries first, each by place. */
static int by_harm(const void *left, const void *right)
{
    const struct hub_query *a = left, *b = right;

    if (a->stolen != b->stolen)
        return a->stolen ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return (a->query > b->query) - (a->query < b->query);
}

static void captured(struct html *html, const struct page_side *side, const struct hub *hub)
{
    struct hub_query *queries = memory_array(hub->count, sizeof *queries);
    size_t stolen = 0, count;

    if (!queries) {
        html->failed = true;
        return;
    }
    count = hub_queries_list(page_task(side), &side->study.analysis[0], hub->item, PAGE_K, queries, hub->count);
    for (size_t i = 0; i < count; i++)
        stolen += queries[i].stolen;
    qsort(queries, count, sizeof *queries, by_harm);
    html_print(html,
               "<td class=\"whole\" data-sort=\"%zu\"><span class=\"tag\">above the query's own in %zu of %zu lists"
               "</span><ul class=\"captured\">",
               stolen, stolen, count);
    for (size_t i = 0; i < count && i < CAPTURES_SHOWN; i++) {
        html_print(html, "<li><span class=\"place\">%u</span>", queries[i].place);
        page_query(html, side, queries[i].query);
        html_print(html, "%s</li>", queries[i].own ? " <span class=\"tag\">its own</span>" : "");
    }
    html_put(html, "</ul></td>");
    free(queries);
}

enum { DUMBBELL = 152, DUMBBELL_ROOM = 142, DUMBBELL_HEIGHT = 18 };

/* N_10 under raw as a ring and under the rule as a dot, on a scale from 0 to `most`, with a vertical line at the fair
 * share. */
static void dumbbell(struct html *html, double from, double to, double fair, double most)
{
    double unit = DUMBBELL_ROOM / fmax(most, 1), x = 5 + unit * from, y = 5 + unit * to;

    html_print(html, "<td data-sort=\"%.0f\"><svg viewBox=\"0 0 %d %d\" role=\"img\"><title>%.0f under raw",
               isnan(to) ? from : to - from, DUMBBELL, DUMBBELL_HEIGHT, from);
    if (!isnan(to))
        html_print(html, ", %.0f under the rule", to);
    html_print(html,
               ", %.1f is fair</title><desc>Lists on a common scale</desc><path class=\"fair\" d=\"M%.1f 0V%d\"/>",
               fair, 5 + unit * fair, DUMBBELL_HEIGHT);
    if (!isnan(to))
        html_print(html,
                   "<path class=\"link\" d=\"M%.1f 9H%.1f\"/><circle class=\"rule\" cx=\"%.1f\" cy=\"9\" r=\"4\"/>", x,
                   y, y);
    html_print(html, "<circle class=\"ring\" cx=\"%.1f\" cy=\"9\" r=\"3.4\"/></svg></td>", x);
}

static void hub_row(struct html *html, const struct page *page, const struct hub *hub, double most, bool pictures)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    double fair = fair_lists(raw);

    html_put(html, "<tr><td class=\"whole\"><div class=\"with-picture\">");
    if (pictures)
        page_picture(html, page, page_item_video(side, hub->item));
    html_put(html, "<span>");
    page_item(html, side, hub->item);
    html_put(html, "</span></div></td>");
    html_print(html, "<td class=\"n\" data-name=\"N₁₀\">%u</td>", hub->count);
    if (rule)
        html_print(html, "<td class=\"n\" data-name=\"→\">%u</td>", rule->occurrence[N][hub->item]);
    dumbbell(html, hub->count, rule ? (double)rule->occurrence[N][hub->item] : NAN, fair, most);
    int decimals = raw->queries < raw->gallery ? 2 : 1; /* a fair share below 1 */
    if (raw->mass)
        html_print(html, "<td class=\"n\" data-name=\"mass\" data-sort=\"%.10g\">%.*f</td>", raw->mass[hub->item],
                   decimals, raw->mass[hub->item]);
    if (rule && rule->mass)
        html_print(html, "<td class=\"n\" data-name=\"→\" data-sort=\"%.10g\">%.*f</td>", rule->mass[hub->item],
                   decimals, rule->mass[hub->item]);
    captured(html, side, hub);
    html_put(html, "</tr>\n");
}

static void hub_table(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    struct hub hubs[PAGE_HUBS];
    size_t shown = top_hubs(raw, hubs);
    double most = 1, fair = fair_lists(raw);
    bool pictures = page_has_pictures(page);
    char title[256];

    if (shown == SIZE_MAX) {
        html->failed = true;
        return;
    }
    for (size_t i = 0; i < shown; i++) {
        most = fmax(most, hubs[i].count);
        most = rule ? fmax(most, rule->occurrence[N][hubs[i].item]) : most;
    }
    page_rule_title(side, side->focus, title, sizeof title);
    html_open(html, "p", "class=\"note\"");
    html_say(html,
             "The %zu %s in the most top-10 lists of raw; fair is %.1f lists and a mass of %.2f. The queries are "
             "those of raw's lists, with the item's place in each.",
             shown, page_items(side), fair, (double)raw->queries / (double)raw->gallery);
    html_close(html);
    page_table_open(html, "rows hubs");
    html_put(html, "<th scope=\"col\">");
    html_text(html, task_items_are_videos(page_task(side)) ? item_text("video") : "caption");
    html_put(html, "</th><th scope=\"col\" class=\"n\">N₁₀ raw</th>");
    if (rule) {
        html_put(html, "<th scope=\"col\" class=\"n\">");
        html_text(html, title);
        html_put(html, "</th>");
    }
    html_put(html, "<th scope=\"col\">lists</th>");
    if (raw->mass)
        html_put(html, "<th scope=\"col\" class=\"n\">mass raw</th>");
    if (rule && rule->mass) {
        html_put(html, "<th scope=\"col\" class=\"n\">");
        html_text(html, title);
        html_put(html, "</th>");
    }
    html_put(html, "<th scope=\"col\">it captures</th>");
    page_table_body(html);
    for (size_t i = 0; i < shown && !job_cancelled(job); i++) {
        hub_row(html, page, &hubs[i], most, pictures);
        job_step(job);
    }
    page_table_close(html);
}

void page_hubs(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page);
    struct bins bins = find_bins(side);
    uint32_t least = hub_threshold(PAGE_K, raw->queries, raw->gallery);
    size_t hubs = 0;

    for (size_t j = 0; j < raw->gallery; j++)
        hubs += raw->occurrence[N][j] >= least;
    html_open(html, "p", "");
    html_say(html, "How many %s appear in how many top-10 lists. ", page_items(side));
    html_say(html, "Under raw %zu of %zu are hubs, in %u %s or more, twice the fair share, and %.0f are in none. ",
             hubs, raw->gallery, least, least == 1 ? "list" : "lists",
             raw->hubness[N].antihub_rate * (double)raw->gallery);
    if (side->study.entries > 1)
        html_put(html, "Bars are the rule, the <span class=\"raw-word\">outline</span> is raw; all axes are the same.");
    html_close(html);
    html_open(html, "div", "class=\"figures small\"");
    for (size_t r = 0; r < side->study.entries; r++)
        histogram(html, side, r, &bins);
    html_close(html);
    page_fold_open(html, false);
    html_text(html, "The biggest hubs of raw");
    page_fold_body(html);
    hub_table(html, page, job);
    page_fold_close(html);
}
