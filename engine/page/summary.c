#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "engine/page/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READING = 400 };

static void read_measure(const struct page *page, const char *key, enum measure_group group,
                         const struct analysis *analysis, char buffer[READING])
{
    struct measured measured = measured_of(analysis, page_task(page->side[0])->direction);

    page_measure_named(key, group)->reading(&measured, buffer, READING);
}

/* A number before and after; `after` is NAN if nothing is compared with raw.  Leaves the element open. */
static void tile(struct html *html, const char *title, double before, double after, int decimals, const char *unit)
{
    html_open(html, "div", "class=\"tile\"");
    html_element(html, "h3", "", title);
    html_open(html, "p", "class=\"big\"");
    html_put(html, "<span class=\"raw-word\">");
    page_number(html, before, decimals);
    html_put(html, "</span>");
    if (!isnan(after)) {
        html_put(html, " <i>\xe2\x86\x92</i> <span class=\"rule-word\">");
        page_number(html, after, decimals);
        html_put(html, "</span>");
    }
    html_print(html, " <i>%s</i>", unit);
    html_close(html);
}

/* "+2.8 points [+0.5, +5.1]: better beyond chance", of a measure whose unit is `factor` points. */
static void say_difference(struct html *html, const struct interval *interval, double factor, int better)
{
    static const char *const words[] = {"worse beyond chance", "not beyond chance", "better beyond chance"};
    char by[32], low[32], high[32];
    int verdict = page_verdict(interval, better);

    page_signed(by, sizeof by, factor * interval->difference, 1);
    page_signed(low, sizeof low, factor * interval->low, 1);
    page_signed(high, sizeof high, factor * interval->high, 1);
    html_say(html, "%s points, 95 %% interval %s to %s: ", by, low, high);
    html_print(html, "<b class=\"%s\">%s</b>", verdict > 0 ? "good" : verdict < 0 ? "bad" : "", words[verdict + 1]);
}

/* NAN without mass. */
static double top_tenth(struct html *html, const struct analysis *analysis)
{
    size_t m = analysis->gallery;
    double *mass = analysis->mass ? memory_array(m, sizeof *mass) : NULL;

    if (!analysis->mass)
        return NAN;
    if (!mass) {
        html->failed = true;
        return NAN;
    }
    memcpy(mass, analysis->mass, m * sizeof *mass);
    double share = mass_top_tenth_of(mass, m);
    free(mass);
    return share;
}

/* The share of all mass on raw's hubs (NAN without mass), and the number of hubs. */
static double on_hubs(const struct page *page, const struct analysis *analysis, size_t *hubs)
{
    const struct analysis *raw = page_raw(page);
    uint32_t least = hub_threshold(PAGE_K, raw->queries, raw->gallery);
    double all = 0, held = 0;

    *hubs = 0;
    for (size_t j = 0; j < raw->gallery; j++) {
        bool hub = raw->occurrence[ANALYSIS_KS - 1][j] >= least;
        *hubs += hub;
        all += analysis->mass ? analysis->mass[j] : 0;
        held += hub && analysis->mass ? analysis->mass[j] : 0;
    }
    return analysis->mass && all > 0 ? held / all : NAN;
}

static void tiles(struct html *html, const struct page *page)
{
    const struct page_side *side = page->side[0];
    const struct analysis *raw = page_raw(page), *rule = page_focus(page);
    const struct hubness *from = &raw->hubness[ANALYSIS_KS - 1], *to = rule ? &rule->hubness[ANALYSIS_KS - 1] : NULL;
    char text[READING], title[256];

    html_open(html, "div", "class=\"tiles\"");
    tile(html, "R@1", raw->metrics.r1, rule ? rule->metrics.r1 : NAN, 1, "%");
    html_open(html, "p", "");
    if (rule) {
        say_difference(html, &side->difference[side->focus].r1, 1, 1);
    } else {
        read_measure(page, "R@1", MEASURE_RETRIEVAL, raw, text);
        html_text(html, text);
    }
    html_close(html);
    html_close(html);
    tile(html, "Hubness: skewness of N₁₀", from->skewness, to ? to->skewness : NAN, 2, "");
    read_measure(page, "skewness", MEASURE_HUBNESS, rule ? rule : raw, text);
    html_open(html, "p", "");
    if (rule) {
        page_rule_title(side, side->focus, title, sizeof title);
        html_say(html, "%s: ", title);
    }
    html_text(html, text);
    html_close(html);
    html_close(html);
    tile(html, "Antihubs, in no top-10 list", 100 * from->antihub_rate, to ? 100 * to->antihub_rate : NAN, 1, "%");
    html_open(html, "p", "");
    if (from->antihub_rate == 0 && (!to || to->antihub_rate == 0)) {
        html_say(html, "every one of the %zu %s is retrieved by some query", raw->gallery, page_items(side));
    } else {
        html_say(html, "%.0f of %zu %s are never retrieved under raw", from->antihub_rate * (double)raw->gallery,
                 raw->gallery, page_items(side));
        if (rule)
            html_say(html, ", %.0f under the rule", to->antihub_rate * (double)raw->gallery);
    }
    html_close(html);
    html_close(html);
    if (raw->mass) {
        size_t hubs;
        double held = on_hubs(page, raw, &hubs), now = rule ? on_hubs(page, rule, &hubs) : NAN;
        tile(html, "Mass on the top tenth", 100 * top_tenth(html, raw), rule ? 100 * top_tenth(html, rule) : NAN, 1,
             "%");
        html_open(html, "p", "");
        if (hubs) {
            html_say(html, "of the %s; the %zu hubs of raw hold %.1f %%", page_items(side), hubs, 100 * held);
            if (!isnan(now))
                html_say(html, ", then %.1f %%", 100 * now);
        } else {
            html_say(html, "of the %s; raw has no hubs", page_items(side));
        }
        if (rule && side->difference[side->focus].mass == MASS_SAMPLED) {
            html_put(html, "; ");
            say_difference(html, &side->difference[side->focus].top_tenth, 100, -1);
        }
        html_close(html);
        html_close(html);
    }
    html_close(html);
}

static void says(struct html *html, const struct page *page, const struct analysis *analysis, const char *class,
                 const char *title)
{
    static const struct {
        const char *key;
        enum measure_group group;
    } said[] = {{"R@10", MEASURE_RETRIEVAL},
                {"max", MEASURE_HUBNESS},
                {"robin_hood", MEASURE_HUBNESS},
                {"normalization_error", MEASURE_MASS}};
    char text[READING];

    html_open(html, "p", "");
    html_print(html, "<span class=\"%s\">", class);
    html_text(html, title);
    html_put(html, ":</span> ");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        read_measure(page, said[i].key, said[i].group, analysis, text);
        html_put(html, i ? "; " : "");
        html_text(html, text);
    }
    html_put(html, ".");
    html_close(html);
}

void page_summary(struct html *html, const struct page *page, struct job *job)
{
    const struct page_side *side = page->side[0];
    const struct analysis *rule = page_focus(page);
    char title[256], spec[256];

    (void)job;
    html_open(html, "p", "");
    if (rule) {
        const struct bootstrap *difference = &side->difference[side->focus];
        page_rule_title(side, side->focus, title, sizeof title);
        rule_print(&side->study.key[side->focus].spec, spec, sizeof spec);
        html_put(html, "<span class=\"rule-word\">");
        html_text(html, title);
        html_print(html, "</span> <span class=\"tag\">(");
        html_text(html, spec);
        if (*side->study.fit[side->focus]->bank) {
            html_put(html, ", fitted on ");
            html_text(html, side->study.fit[side->focus]->bank);
        }
        html_put(html, ")</span> against <span class=\"raw-word\">raw</span> similarity: ");
        if (difference->queries)
            html_say(html, "of %zu %s, the rank gets better for %zu, worse for %zu and stays the same for %zu.",
                     difference->queries, page_queries(side), difference->helped, difference->hurt,
                     difference->unchanged);
        else
            html_say(html, "none of the %s has a known target, so there are no ranks to compare.", page_queries(side));
        if (rule_transductive(side->study.key[side->focus].spec.rule))
            html_put(html, " It is <b>transductive</b>: it sees all queries at once, which a search engine cannot.");
    } else {
        html_put(html, "<span class=\"raw-word\">Raw</span> similarity alone: there is no bank that a rule could learn "
                       "from, so nothing is compared with it.");
    }
    html_close(html);
    tiles(html, page);
    says(html, page, page_raw(page), "raw-word", "Raw");
    if (rule)
        says(html, page, rule, "rule-word", title);
}
