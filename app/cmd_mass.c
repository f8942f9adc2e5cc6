#include "app/command.h"
#include "app/fail.h"
#include "app/ranking.h"
#include "app/report.h"
#include "app/workspace.h"
#include "engine/capture.h"
#include "engine/memory.h"
#include <stdlib.h>

enum { LORENZ_POINTS = 100 };

static const struct column columns[] = {
    {"row", "row", 0, 0, false},
    {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},
    {"caption", "caption", 0, 0, false},
    {"mass", "mass", 3, 0, false},
    {"share", "x fair", 2, 0, false},
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

/* Adds "quantiles", "lorenz" and "false_rates"; -1 when memory is out. */
static int add_distribution(const struct workspace *workspace, const struct analysis *analysis, json_t *report)
{
    double quantile[MASS_QUANTILES], lorenz[LORENZ_POINTS + 1];
    struct false_rates over, under;
    if (mass_quantiles_of(analysis->mass, analysis->gallery, quantile) ||
        lorenz_of(analysis->mass, analysis->gallery, LORENZ_POINTS, lorenz)) {
        return -1;
    }
    false_rates_of(&workspace->task, analysis, &over, &under);
    json_t *quantiles = json_object(), *curve = json_array(), *rates = json_object();
    for (size_t i = 0; i < MASS_QUANTILES; i++) {
        char name[16];
        snprintf(name, sizeof name, "%g", mass_quantile_share[i]);
        json_object_set_new(quantiles, name, report_real(quantile[i]));
    }
    for (size_t i = 0; i <= LORENZ_POINTS; i++) {
        json_array_append_new(curve, report_real(lorenz[i]));
    }
    json_object_set_new(rates, "over", false_report(&over));
    json_object_set_new(rates, "under", false_report(&under));
    json_object_set_new(report, "quantiles", quantiles);
    json_object_set_new(report, "lorenz", curve);
    json_object_set_new(report, "false_rates", rates);
    return 0;
}

/* One rule's section; null when memory is out. */
static json_t *section(const struct workspace *workspace, const struct analysis *analysis)
{
    const struct mass_summary *summary = &analysis->mass_summary;
    size_t items = analysis->gallery;
    struct ranked *ranked = memory_array(items, sizeof *ranked);
    if (!ranked) {
        return NULL;
    }
    size_t over = 0;
    for (size_t j = 0; j < items; j++) {
        ranked[j] = (struct ranked){analysis->mass[j], j};
        over += analysis->mass[j] > summary->expected;
    }
    ranking_sort(ranked, items, workspace->options->reverse);

    json_t *report = fit_report(workspace, analysis->fit);
    json_object_set_new(report, "normalization_error", report_real(summary->normalization_error));
    json_object_set_new(report, "min", report_real(summary->least));
    json_object_set_new(report, "max", report_real(summary->most));
    json_object_set_new(report, "over", report_count(over));
    json_t *list = json_array();
    size_t shown = ranking_shown(workspace->options->top, 20, items);
    for (size_t i = 0; i < shown; i++) {
        size_t item = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "row", report_count(item));
        item_describe(workspace, row, item);
        json_object_set_new(row, "mass", report_real(ranked[i].value));
        json_object_set_new(row, "share", report_real(ranked[i].value / summary->expected));
        json_object_set_new(row, "N_10", report_count(analysis->occurrence[ANALYSIS_KS - 1][item]));
        json_array_append_new(list, row);
    }
    json_object_set_new(report, "items", list);
    free(ranked);
    if (add_distribution(workspace, analysis, report)) {
        json_decref(report);
        return NULL;
    }
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    workspace_title(out, report);
    fprintf(out, "mass: an item's probability summed over all queries; fair share Q/M: %.3f\n",
            report_get_real(report, "fair_share"));
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    fprintf(out, ": mean |mass - fair| %.3f, from %.3f to %.3f, %.0f items over their share\n",
            report_get_real(rule, "normalization_error"), report_get_real(rule, "min"),
            report_get_real(rule, "max"), report_get_real(rule, "over"));
    const json_t *quantiles = json_object_get(rule, "quantiles"), *rates = json_object_get(rule, "false_rates");
    const json_t *over = json_object_get(rates, "over"), *under = json_object_get(rates, "under");
    fprintf(out, "  5 %% of the items hold less than %.3f, half less than %.3f, 5 %% more than %.3f\n",
            report_get_real(quantiles, "0.05"), report_get_real(quantiles, "0.5"), report_get_real(quantiles, "0.95"));
    fprintf(out,
            "  first places of items over their share are wrong in %.1f %%, of the others in %.1f %%; queries for them "
            "miss in %.1f %% and %.1f %%\n",
            100 * report_get_real(over, "false_positive_rate"), 100 * report_get_real(under, "false_positive_rate"),
            100 * report_get_real(over, "false_negative_rate"), 100 * report_get_real(under, "false_negative_rate"));
}

static int report_mass(struct workspace *workspace)
{
    int status = workspace_fit(workspace, NULL);
    status = status < 0 ? workspace_analyse(workspace) : status;
    if (status >= 0) {
        return status;
    }
    json_t *report = workspace_report(workspace);
    json_object_set_new(report, "fair_share",
                        report_real((double)task_queries(&workspace->task) / (double)task_gallery(&workspace->task)));
    json_t *list = json_array();
    json_object_set_new(report, "rules", list);
    for (size_t i = 0; i < workspace->analyses; i++) {
        const struct analysis *analysis = &workspace->analysis[i];
        if (!analysis->mass) {
            continue; /* an order without probabilities */
        }
        json_t *rule = section(workspace, analysis);
        if (!rule) {
            json_decref(report);
            return fail_text("out of memory");
        }
        json_array_append_new(list, rule);
    }
    if (!json_array_size(list)) {
        json_decref(report);
        return fail_text("%s orders without probabilities: it has no mass", workspace->spec[0].rule->name);
    }
    const struct layout layout = {
        .sections = "rules",
        .section_name = "spec",
        .rows = "items",
        .columns = columns,
        .count = sizeof columns / sizeof *columns,
        .title = put_title,
        .heading = put_heading,
    };
    report_print(report, workspace->options->format, &layout);
    return STATUS_OK;
}

int cmd_mass(const struct options *options)
{
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_mass(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
