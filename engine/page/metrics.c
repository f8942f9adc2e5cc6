#include "engine/base/item.h"
#include "engine/glossary/glossary.h"
#include "engine/page/parts.h"
#include "engine/results/describe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct heading {
    const char *key;
    enum measure_group group;
};

static const struct heading hubness[] = {
    {"skewness", MEASURE_HUBNESS},
    {"robin_hood", MEASURE_HUBNESS},
    {"gini", MEASURE_HUBNESS},
    {"max", MEASURE_HUBNESS},
    {"antihub_rate", MEASURE_HUBNESS},
    {"fair_hub_occurrence", MEASURE_HUBNESS},
    {"normalization_error", MEASURE_MASS},
    {"max", MEASURE_MASS},
    {"gate_rate", MEASURE_MASS},
};

/* The best value of a measure, times `better`, among the rules that a search engine could use; NAN if none is better
 * than another. */
static double best_of(const struct page_side *side, const struct measure *measure)
{
    double best = NAN, worst = NAN;

    for (size_t i = 0; i < side->study.entries; i++) {
        struct measured measured = measured_of(&side->study.analysis[i], page_task(side)->direction);
        double value = measure->value(&measured) * measure->better;
        if (isnan(value) || rule_transductive(side->study.key[i].spec.rule))
            continue;
        best = isnan(best) || value > best ? value : best;
        worst = isnan(worst) || value < worst ? value : worst;
    }
    return measure->better && best > worst ? best : NAN;
}

static void begin_row(struct html *html, const struct page_side *side, size_t rule)
{
    const char *label = side->study.key[rule].spec.rule->label;
    char title[256];

    page_rule_title(side, rule, title, sizeof title);
    html_print(html, "<tr%s>", rule == 0 ? " class=\"raw\"" : rule == side->focus ? " class=\"focus\"" : "");
    html_put(html, "<th scope=\"row\">");
    html_text(html, title);
    if (label)
        html_print(html, " <span class=\"tag\">%s</span>", label);
    html_put(html, "</th>");
}

static void cell(struct html *html, const struct page_side *side, size_t rule, const struct measure *measure)
{
    struct measured measured = measured_of(&side->study.analysis[rule], page_task(side)->direction);
    bool best = measure->value(&measured) * measure->better == best_of(side, measure) &&
                !rule_transductive(side->study.key[rule].spec.rule);

    html_print(html, "<td class=\"n%s\">", best ? " best" : "");
    page_measure(html, measure, &measured);
    html_put(html, "</td>");
}

static void head_cell(struct html *html, const struct measure *measure)
{
    html_print(html, "<th scope=\"col\" class=\"n\"%s title=\"", measure->better < 0 ? " data-first=\"1\"" : "");
    const struct glossary_entry *entry = glossary_find(measure->name, "metrics");
    html_text(html, measure->title);
    if (entry) {
        html_put(html, ": ");
        html_text(html, entry->text);
    }
    html_put(html, "\">");
    html_text(html, measure->name);
    html_put(html, "</th>");
}

static const char *verdict_class(int verdict)
{
    return verdict > 0 ? "good" : verdict < 0 ? "bad" : "";
}

static const char *verdict_mark(int verdict)
{
    return verdict > 0   ? " <span class=\"good\" title=\"better beyond chance\">\xe2\x96\xb2</span>"
           : verdict < 0 ? " <span class=\"bad\" title=\"worse beyond chance\">\xe2\x96\xbc</span>"
                         : "";
}

/* "+2.8 [+0.5, +5.1] ▲"; stacked, the interval stands below. */
static void interval_cell(struct html *html, const struct measure *measure, const struct interval *interval,
                          bool stacked)
{
    char by[32], low[32], high[32];
    int verdict = page_verdict(interval, measure->better);

    page_signed(by, sizeof by, measure->factor * interval->difference, measure->decimals);
    page_signed(low, sizeof low, measure->factor * interval->low, measure->decimals);
    page_signed(high, sizeof high, measure->factor * interval->high, measure->decimals);
    html_print(html, "<td class=\"interval%s\"><b class=\"%s\"><data value=\"%.10g\">%s</data></b>%s",
               stacked ? " stack n" : "", verdict_class(verdict), interval->difference, by,
               stacked ? verdict_mark(verdict) : "");
    html_print(
        html, " <span class=\"range\">[<data value=\"%.10g\">%s</data>, <data value=\"%.10g\">%s</data>]</span>%s</td>",
        interval->low, low, interval->high, high, stacked ? "" : verdict_mark(verdict));
}

struct extent {
    double low, high;
};

/* The range of the intervals of R@1, including 0. */
static struct extent reach(const struct page_side *side)
{
    struct extent span = {0, 0};

    for (size_t i = 1; i < side->study.entries; i++) {
        span.low = fmin(span.low, side->difference[i].r1.low);
        span.high = fmax(span.high, side->difference[i].r1.high);
    }
    if (!(span.high > span.low))
        span = (struct extent){-1, 1};
    return span;
}

enum { FOREST = 152, FOREST_ROOM = 146, FOREST_HEIGHT = 18 };

static double forest_x(const struct extent *span, double value)
{
    return 3 + FOREST_ROOM * (value - span->low) / (span->high - span->low);
}

/* The interval as a line on the common scale, with a vertical line at zero. */
static void forest_cell(struct html *html, const struct extent *span, const struct interval *interval)
{
    int verdict = page_verdict(interval, 1);
    const char *class = verdict > 0 ? " good" : verdict < 0 ? " bad" : "";
    double zero = forest_x(span, 0);

    html_put(html, "<td>");
    if (!isnan(interval->difference)) {
        html_print(html,
                   "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>R@1 %+.1f, interval %+.1f to %+.1f</title>"
                   "<desc>The interval on a common scale</desc>",
                   FOREST, FOREST_HEIGHT, interval->difference, interval->low, interval->high);
        html_print(html, "<path class=\"zero\" d=\"M%.1f 0V%d\"/><path class=\"whisker%s\" d=\"M%.1f 9H%.1f\"/>", zero,
                   FOREST_HEIGHT, class, forest_x(span, interval->low), forest_x(span, interval->high));
        html_print(html, "<circle class=\"dot%s\" cx=\"%.1f\" cy=\"9\" r=\"3.2\"/></svg>", class,
                   forest_x(span, interval->difference));
    }
    html_put(html, "</td>");
}

static void retrieval_table(struct html *html, const struct page_side *side)
{
    static const struct heading shown[] = {{"nDCG@10", MEASURE_JUDGED}, {"MAP", MEASURE_JUDGED},
                                           {"R@1", MEASURE_RETRIEVAL},  {"R@5", MEASURE_RETRIEVAL},
                                           {"R@10", MEASURE_RETRIEVAL}, {"R@50", MEASURE_RETRIEVAL},
                                           {"MdR", MEASURE_RETRIEVAL},  {"MnR", MEASURE_RETRIEVAL}};
    size_t first = measures_are_judged(page_task(side)) ? 0 : MEASURES_JUDGED;
    struct extent span = reach(side);
    bool compared = side->study.entries > 1;

    page_table_open(html, "");
    html_put(html, "<th scope=\"col\">rule</th>");
    for (size_t i = first; i < sizeof shown / sizeof *shown; i++)
        head_cell(html, page_measure_named(shown[i].key, shown[i].group));
    if (compared)
        html_put(html, "<th scope=\"col\" colspan=\"2\">Δ R@1</th>");
    page_table_body(html);
    for (size_t r = 0; r < side->study.entries; r++) {
        begin_row(html, side, r);
        for (size_t i = first; i < sizeof shown / sizeof *shown; i++)
            cell(html, side, r, page_measure_named(shown[i].key, shown[i].group));
        if (r) {
            const struct bootstrap *difference = &side->difference[r];
            interval_cell(html, page_measure_named("R@1", MEASURE_RETRIEVAL), &difference->r1, false);
            forest_cell(html, &span, &difference->r1);
        } else if (compared) {
            html_put(html, "<td></td><td></td>");
        }
        html_put(html, "</tr>\n");
    }
    page_table_close(html);
}

static void hubness_table(struct html *html, const struct page_side *side)
{
    page_table_open(html, "");
    html_put(html, "<th scope=\"col\">rule</th>");
    for (size_t i = 0; i < sizeof hubness / sizeof *hubness; i++)
        head_cell(html, page_measure_named(hubness[i].key, hubness[i].group));
    page_table_body(html);
    for (size_t r = 0; r < side->study.entries; r++) {
        begin_row(html, side, r);
        for (size_t i = 0; i < sizeof hubness / sizeof *hubness; i++)
            cell(html, side, r, page_measure_named(hubness[i].key, hubness[i].group));
        html_put(html, "</tr>\n");
    }
    page_table_close(html);
}

/* Whether the measure was tested for any rule and is shown. */
static bool is_tested(const struct page_side *side, const struct measure *measure)
{
    if (measure->group == MEASURE_JUDGED && !measures_are_judged(page_task(side)))
        return false;
    for (size_t r = 1; r < side->study.entries; r++)
        if (measure_interval(measure, &side->difference[r]))
            return true;
    return false;
}

/* The intervals of every tested measure of retrieval, or of all others. */
static void difference_table(struct html *html, const struct page_side *side, bool retrieval)
{
    page_table_open(html, retrieval ? "" : "many");
    html_put(html, "<th scope=\"col\">rule</th>");
    for (size_t i = 0; i < measures_count; i++)
        if (is_tested(side, &measure_table[i]) && (measure_table[i].group <= MEASURE_RETRIEVAL) == retrieval)
            head_cell(html, &measure_table[i]);
    page_table_body(html);
    for (size_t r = 1; r < side->study.entries; r++) {
        begin_row(html, side, r);
        for (size_t i = 0; i < measures_count; i++) {
            const struct interval *interval = measure_interval(&measure_table[i], &side->difference[r]);
            if ((measure_table[i].group <= MEASURE_RETRIEVAL) != retrieval || !is_tested(side, &measure_table[i]))
                continue;
            if (interval)
                interval_cell(html, &measure_table[i], interval, true);
            else
                html_put(html, "<td></td>");
        }
        html_put(html, "</tr>\n");
    }
    page_table_close(html);
}

/* How video to text is evaluated, in a note. */
static void convention(struct html *html, const struct task *task)
{
    char text[256];

    if (task->direction == T2V)
        return;
    convention_print(task->conventions.videos, task->conventions.keep_masked, task_without_captions(task), text,
                     sizeof text);
    html_open(html, "p", "class=\"note\"");
    html_say(html, "%s.", text);
    html_close(html);
}

/* Lists the missing rules by reason. */
static void absent(struct html *html, const struct page_side *side)
{
    for (size_t i = 0; i < rules_count; i++) {
        bool first = side->missing[i] != NULL;
        for (size_t j = 0; j < i && first; j++)
            first = !side->missing[j] || strcmp(side->missing[i], side->missing[j]) != 0;
        if (!first)
            continue;
        html_open(html, "p", "class=\"note\"");
        html_put(html, "Missing: ");
        for (size_t j = i, listed = 0; j < rules_count; j++)
            if (side->missing[j] && strcmp(side->missing[i], side->missing[j]) == 0)
                html_say(html, "%s%s", listed++ ? ", " : "", rules[j]->title);
        html_say(html, " (%s).", side->missing[i]);
        html_close(html);
    }
}

static void tables(struct html *html, const struct page_side *side)
{
    html_open(html, "h3", "");
    html_say(html, "%s: %zu %s, %zu %s",
             page_task(side)->direction == T2V ? item_text("Text to video") : item_text("Video to text"),
             task_queries(page_task(side)), page_queries(side), task_items(page_task(side)), page_items(side));
    html_close(html);
    convention(html, page_task(side));
    retrieval_table(html, side);
    html_element(html, "h3", "", "Hubness of N₁₀, and mass");
    hubness_table(html, side);
    if (side->study.entries > 1) {
        page_fold_open(html, true);
        html_say(html, "Differences from raw, with their intervals");
        page_fold_body(html);
        difference_table(html, side, true);
        difference_table(html, side, false);
        page_fold_close(html);
    }
    absent(html, side);
}

void page_metrics(struct html *html, const struct page *page, struct job *job)
{
    bool transductive = false, baseline = false;

    (void)job;
    html_open(html, "p", "class=\"lead-in\"");
    html_say(html,
             "Differences (Δ) are from raw, in the unit of the measure (points where that is percent), with the 95 %% "
             "interval of a paired bootstrap over the queries (%zu samples).",
             page->request->samples);
    html_put(html,
             " <span class=\"good\">\xe2\x96\xb2</span> is better and <span class=\"bad\">\xe2\x96\xbc</span> worse "
             "beyond chance: the interval excludes 0. The best value of a column is bold.");
    html_close(html);
    for (size_t s = 0; s < 2 && page->side[s]; s++) {
        tables(html, page->side[s]);
        for (size_t i = 0; i < page->side[s]->study.entries; i++) {
            const struct rule *rule = page->side[s]->study.key[i].spec.rule;
            transductive = transductive || rule_transductive(rule);
            baseline = baseline || (rule->label && strcmp(rule->label, "baseline") == 0);
        }
    }
    if (*page->other_missing) {
        html_open(html, "p", "class=\"note\"");
        html_say(html, "The other direction could not be measured: %s.", page->other_missing);
        html_close(html);
    }
    if (transductive)
        html_put(html, "<p class=\"note\">* transductive: the rule sees all evaluation queries at once, which a search "
                       "engine cannot.</p>\n");
    if (baseline)
        html_put(html,
                 "<p class=\"note\">Baseline: mean centring alone; what a rule gains beyond it is its own.</p>\n");
}
