#include "app/command.h"
#include "app/fail.h"
#include "app/ranking.h"
#include "app/report.h"
#include "app/workspace.h"
#include "engine/capture.h"
#include "engine/memory.h"
#include <math.h>
#include <stdlib.h>

static const struct column columns[] = {
    {"row", "row", 0, 0, false},
    {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},
    {"caption", "caption", 0, 0, false},
    {"N_1", "N_1", 0, 0, false},
    {"N_5", "N_5", 0, 0, false},
    {"N_10", "N_10", 0, 0, false},
    {"hub", "hub", 0, 0, false},
    {"mass", "mass", 2, 0, false},
};

static const char *const count_name[ANALYSIS_KS] = {"N_1", "N_5", "N_10"};

/* One rule's section; null when memory is out. */
static json_t *section(const struct workspace *workspace, const struct analysis *analysis, size_t which)
{
    const struct hubness *hubness = &analysis->hubness[which];
    size_t items = analysis->gallery;
    const uint32_t *occurrence = analysis->occurrence[which];
    struct ranked *ranked = memory_array(items, sizeof *ranked);
    if (!ranked) {
        return NULL;
    }
    for (size_t j = 0; j < items; j++) {
        ranked[j] = (struct ranked){occurrence[j], j};
    }
    ranking_sort(ranked, items, workspace->options->reverse);
    uint32_t threshold = hub_threshold(hubness->k, analysis->queries, items);
    size_t hubs = 0, held = 0;
    for (size_t j = 0; j < items; j++) {
        hubs += occurrence[j] >= threshold;
        held += occurrence[j] >= threshold ? occurrence[j] : 0;
    }

    json_t *report = fit_report(workspace, analysis->fit);
    json_object_set_new(report, "hubs", report_count(hubs));
    json_object_set_new(report, "hub_share", report_real((double)held / (double)(hubness->k * analysis->queries)));
    json_object_set_new(report, "hub_count", report_count(hubness->hub_count));
    json_object_set_new(report, "hub_occurrence", report_real(hubness->hub_occurrence));
    json_object_set_new(report, "antihub_rate", report_real(hubness->antihub_rate));
    json_object_set_new(report, "skewness", report_real(hubness->skewness));
    json_t *list = json_array();
    size_t shown = ranking_shown(workspace->options->top, 20, items);
    for (size_t i = 0; i < shown; i++) {
        size_t item = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "row", report_count(item));
        item_describe(workspace, row, item);
        for (size_t c = 0; c < ANALYSIS_KS; c++) {
            json_object_set_new(row, count_name[c], report_count(analysis->occurrence[c][item]));
        }
        json_object_set_new(row, "hub", json_boolean(occurrence[item] >= threshold));
        json_object_set_new(row, "mass", report_real(analysis->mass ? analysis->mass[item] : NAN));
        json_array_append_new(list, row);
    }
    json_object_set_new(report, "items", list);
    free(ranked);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    workspace_title(out, report);
    fprintf(out, "N_k: top-k lists an item stands in; fair share of N_%.0f: %.1f; hub: twice that, %.0f or more\n",
            report_get_real(report, "k"), report_get_real(report, "fair_share"),
            report_get_real(report, "hub_threshold"));
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    fprintf(out, ": %.0f hubs hold %.1f %% of the list places, %.1f %% antihubs, skewness %.2f\n",
            report_get_real(rule, "hubs"), 100 * report_get_real(rule, "hub_share"),
            100 * report_get_real(rule, "antihub_rate"), report_get_real(rule, "skewness"));
}

/* Index of k in analysis_k, or ANALYSIS_KS. */
static size_t find_k(size_t k)
{
    size_t which = 0;
    while (which < ANALYSIS_KS && analysis_k[which] != k) {
        which++;
    }
    return which;
}

static int report_hubs(struct workspace *workspace, size_t which)
{
    const struct options *options = workspace->options;
    size_t gallery = task_gallery(&workspace->task);
    if (options->k > gallery) {
        return fail_text("--k %zu is more than the %zu items of the gallery", options->k, gallery);
    }
    int status = workspace_fit(workspace, NULL);
    status = status < 0 ? workspace_analyse(workspace) : status;
    if (status >= 0) {
        return status;
    }
    json_t *report = workspace_report(workspace);
    json_object_set_new(report, "k", report_count(options->k));
    json_object_set_new(report, "fair_share",
                        report_real((double)options->k * (double)task_queries(&workspace->task) / (double)gallery));
    json_object_set_new(report, "hub_threshold",
                        report_count(hub_threshold(options->k, task_queries(&workspace->task), gallery)));
    json_t *list = json_array();
    json_object_set_new(report, "rules", list);
    for (size_t i = 0; i < workspace->analyses; i++) {
        json_t *rule = section(workspace, &workspace->analysis[i], which);
        if (!rule) {
            json_decref(report);
            return fail_text("out of memory");
        }
        json_array_append_new(list, rule);
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
    report_print(report, options->format, &layout);
    return STATUS_OK;
}

int cmd_hubs(const struct options *options)
{
    size_t which = find_k(options->k);
    if (which == ANALYSIS_KS) {
        return fail_usage("hubs", "--k takes 1, 5 or 10, not %zu", options->k);
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_hubs(&workspace, which);
    }
    workspace_close(&workspace);
    return status;
}
