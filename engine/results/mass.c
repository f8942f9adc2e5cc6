#include "engine/results/mass.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "engine/results/describe.h"
#include <stdlib.h>

enum { LORENZ_POINTS = 100, LORENZ_LINES = 5 };

static const size_t lorenz_line[LORENZ_LINES] = {10, 25, 50, 75, 90}; /* percent, of the points shown in text */

static const struct column columns[] = {
    {"row", "row", 0, 0, false},         {"key", "key", 0, 0, false},   {"title", "title", 0, 0, false},
    {"caption", "caption", 0, 0, false}, {"mass", "mass", 3, 0, false}, {"share", "x fair", 2, 0, false},
    {"N_10", "N_10", 0, 0, false},
};

static json_t *false_report(const struct false_rates *rates)
{
    json_t *report = json_object();
    json_object_set_new(report, "items", report_count(rates->items));
    json_object_set_new(report, "false_positive_rate", report_real(rates->false_positive));
    json_object_set_new(report, "false_negative_rate", report_real(rates->false_negative));
    return report;
}

/* Adds rows of the quantiles and of the Lorenz curve. */
static void add_curves(json_t *rows, enum direction direction, const struct mass_summary *summary,
                       const double *quantile, const double *lorenz, bool whole_curve)
{
    char name[32], reading[200];
    for (size_t i = 0; i < MASS_QUANTILES; i++) {
        snprintf(name, sizeof name, "quantile_%g", mass_quantile_share[i]);
        measure_quantile_reading(direction, mass_quantile_share[i], quantile[i], summary->expected, reading,
                                 sizeof reading);
        measures_add(rows, name, quantile[i], reading);
    }
    for (size_t i = 0; i < (whole_curve ? LORENZ_POINTS + 1 : LORENZ_LINES); i++) {
        size_t percent = whole_curve ? i : lorenz_line[i];
        snprintf(name, sizeof name, "lorenz_%.2f", (double)percent / LORENZ_POINTS);
        measure_lorenz_reading(direction, (double)percent / LORENZ_POINTS, lorenz[percent], reading, sizeof reading);
        measures_add(rows, name, lorenz[percent], reading);
    }
}

static void add_false_rates(json_t *rows, enum direction direction, const struct false_rates *rates, bool over)
{
    char reading[200];
    measure_false_positive_reading(direction, rates, over, reading, sizeof reading);
    measures_add(rows, over ? "false_positive_over" : "false_positive_under", rates->false_positive, reading);
    measure_false_negative_reading(direction, rates, over, reading, sizeof reading);
    measures_add(rows, over ? "false_negative_over" : "false_negative_under", rates->false_negative, reading);
}

/* Adds "quantiles", "lorenz", "false_rates" and "measures"; -1 when out of memory. */
static int add_distribution(const struct task *task, const struct analysis *analysis, bool whole_curve, json_t *report)
{
    double quantile[MASS_QUANTILES], lorenz[LORENZ_POINTS + 1];
    struct false_rates over, under;
    size_t items = 0;
    double *mass = memory_array(analysis->gallery, sizeof *mass);
    for (size_t j = 0; mass && j < analysis->gallery; j++)
        if (subset_has(analysis->subset, j))
            mass[items++] = analysis->mass[j];
    int failed = !mass || mass_quantiles_of(mass, items, quantile) || lorenz_of(mass, items, LORENZ_POINTS, lorenz);
    free(mass);
    if (failed)
        return -1;
    false_rates_of(task, analysis, &over, &under);
    json_t *quantiles = json_object(), *curve = json_array(), *rates = json_object();
    for (size_t i = 0; i < MASS_QUANTILES; i++) {
        char name[16];
        snprintf(name, sizeof name, "%g", mass_quantile_share[i]);
        json_object_set_new(quantiles, name, report_real(quantile[i]));
    }
    for (size_t i = 0; i <= LORENZ_POINTS; i++)
        json_array_append_new(curve, report_real(lorenz[i]));
    json_object_set_new(rates, "over", false_report(&over));
    json_object_set_new(rates, "under", false_report(&under));
    json_object_set_new(report, "quantiles", quantiles);
    json_object_set_new(report, "lorenz", curve);
    json_object_set_new(report, "false_rates", rates);

    enum direction direction = task->direction;
    struct measured measured = measured_of(analysis, direction);
    char reading[200];
    json_t *rows = measures_report(&measured, MEASURE_MASS);
    measure_over_reading(direction, over.items, items, reading, sizeof reading);
    measures_add(rows, "over", (double)over.items, reading);
    add_curves(rows, direction, &analysis->mass_summary, quantile, lorenz, whole_curve);
    add_false_rates(rows, direction, &over, true);
    add_false_rates(rows, direction, &under, false);
    json_object_set_new(report, "measures", rows);
    return 0;
}

/* One rule's section; null when out of memory. */
static json_t *section(const struct task *task, const struct analysis *analysis, const struct mass_choice *choice)
{
    const struct mass_summary *summary = &analysis->mass_summary;
    size_t items = analysis->gallery;
    struct ranked *ranked = memory_array(items, sizeof *ranked);
    if (!ranked)
        return NULL;
    size_t over = 0, count = 0;
    double all = 0;
    for (size_t j = 0; j < items; j++) {
        if (!subset_has(analysis->subset, j))
            continue;
        ranked[count++] = (struct ranked){analysis->mass[j], j};
        over += analysis->mass[j] > summary->expected;
        all += analysis->mass[j];
    }
    size_t shown = ranking_choose(ranked, choice->rows.order ? items : count, &choice->rows);

    json_t *report = fit_report(task, analysis->fit);
    json_object_set_new(report, "normalization_error", report_real(summary->normalization_error));
    json_object_set_new(report, "min", report_real(summary->least));
    json_object_set_new(report, "max", report_real(summary->most));
    json_object_set_new(report, "over", report_count(over));
    if (analysis->subset) {
        json_object_set_new(report, "subset_share", report_real(all / (double)analysis->queries));
        json_object_set_new(report, "subset_fair_share", report_real((double)count / (double)items));
    }
    json_t *list = json_array();
    for (size_t i = 0; i < shown; i++) {
        size_t item = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "row", report_count(item));
        item_describe(task, row, item);
        json_object_set_new(row, "mass", report_real(analysis->mass[item]));
        json_object_set_new(row, "share", report_real(analysis->mass[item] / summary->expected));
        json_object_set_new(row, "N_10", report_count(analysis->occurrence[ANALYSIS_KS - 1][item]));
        json_array_append_new(list, row);
    }
    json_object_set_new(report, "items", list);
    free(ranked);
    if (add_distribution(task, analysis, choice->whole_curve, report)) {
        json_decref(report);
        return NULL;
    }
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    task_title(out, report);
    fprintf(out, "mass: an item's probability summed over all queries; fair share Q/M: %.3f\n",
            report_get_real(report, "fair_share"));
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    fputc('\n', out);
    subset_put_share(out, rule, "mass");
    measures_put(out, json_object_get(rule, "measures"));
}

int mass_report(const struct task *task, const struct analysis *analyses, size_t count,
                const struct mass_choice *choice, struct report *report, struct error *error)
{
    json_t *tree = task_report(task), *list = json_array();
    notices_report(tree, task, analyses, count);
    *report = (struct report){
        .tree = tree,
        .layout =
            {
                .sections = "rules",
                .section_name = "spec",
                .rows = "items",
                .columns = columns,
                .count = sizeof columns / sizeof *columns,
                .title = put_title,
                .heading = put_heading,
            },
    };
    if (choice->measures)
        report->layout = measures_layout(put_title);
    json_object_set_new(tree, "fair_share", report_real((double)task_queries(task) / (double)task_items(task)));
    json_object_set_new(tree, "rules", list);
    for (size_t i = 0; i < count; i++) {
        if (!analyses[i].mass)
            continue; /* an order without probabilities */
        json_t *rule = section(task, &analyses[i], choice);
        if (!rule) {
            report_close(report);
            return error_memory(error);
        }
        json_array_append_new(list, rule);
    }
    if (!json_array_size(list)) {
        report_close(report);
        if (task->videos)
            return error_set(error, ERROR_INPUT,
                             item_text("videos ranked by their best captions have no probabilities, so no mass"));
        return error_set(error, ERROR_INPUT, "%s orders without probabilities: it has no mass",
                         count ? analyses[0].fit->spec.rule->name : "no rule");
    }
    return describe_check_read(task, report, error);
}
