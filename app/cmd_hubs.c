#include "app/command.h"
#include "app/describe.h"
#include "app/fail.h"
#include "app/ranking.h"
#include "app/report.h"
#include "engine/capture.h"
#include "engine/memory.h"
#include <math.h>
#include <stdlib.h>

enum { COLUMNS_MOST = 12, K_MOST = ANALYSIS_TOP_MOST };

static const char *const count_name[ANALYSIS_KS] = {"N_1", "N_5", "N_10"};

/* The items of one rule, by N_k. */
static json_t *items_report(const struct workspace *workspace, const struct analysis *analysis, size_t k,
                            const uint32_t *occurrence, uint32_t threshold, struct ranked *ranked)
{
    size_t items = analysis->gallery, shown = ranking_shown(workspace->options->top, 20, items);
    char name[16];
    json_t *list = json_array();
    snprintf(name, sizeof name, "N_%zu", k);
    for (size_t j = 0; j < items; j++) {
        ranked[j] = (struct ranked){occurrence[j], j};
    }
    ranking_sort(ranked, items, workspace->options->reverse);
    for (size_t i = 0; i < shown; i++) {
        size_t item = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "row", report_count(item));
        item_describe(workspace, row, item);
        for (size_t c = 0; c < ANALYSIS_KS; c++) {
            json_object_set_new(row, count_name[c], report_count(analysis->occurrence[c][item]));
        }
        json_object_set_new(row, name, report_count(occurrence[item]));
        json_object_set_new(row, "hub", json_boolean(occurrence[item] >= threshold));
        json_object_set_new(row, "mass", report_real(analysis->mass ? analysis->mass[item] : NAN));
        json_array_append_new(list, row);
    }
    return list;
}

/* One rule's section; null when memory is out. */
static json_t *section(const struct workspace *workspace, const struct analysis *analysis)
{
    size_t items = analysis->gallery, k = workspace->options->k;
    struct hubness hubness;
    struct ranked *ranked = memory_array(items, sizeof *ranked);
    uint32_t *occurrence = memory_array(items, sizeof *occurrence);
    json_t *report = NULL;
    if (!ranked || !occurrence || analysis_occurrence(analysis, k, occurrence, &hubness)) {
        goto done;
    }
    uint32_t threshold = hub_threshold(k, analysis->queries, items);
    size_t hubs = 0, held = 0;
    for (size_t j = 0; j < items; j++) {
        hubs += occurrence[j] >= threshold;
        held += occurrence[j] >= threshold ? occurrence[j] : 0;
    }
    struct measured measured = {analysis, &hubness, workspace->task.direction};
    report = fit_report(workspace, analysis->fit);
    json_object_set_new(report, "hubs", report_count(hubs));
    json_object_set_new(report, "hub_share", report_real((double)held / (double)(k * analysis->queries)));
    json_object_set_new(report, "hubness", hubness_report(&hubness));
    json_object_set_new(report, "measures", measures_report(&measured, MEASURE_HUBNESS));
    json_object_set_new(report, "items", items_report(workspace, analysis, k, occurrence, threshold, ranked));
done:
    free(ranked);
    free(occurrence);
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
    fprintf(out, ": %.0f hubs hold %.1f %% of the list places\n", report_get_real(rule, "hubs"),
            100 * report_get_real(rule, "hub_share"));
    measures_put(out, json_object_get(rule, "measures"));
}

/* Prints the items, with a column for N_k where k is none of those that always have one. */
static void print_items(json_t *report, const struct options *options)
{
    struct column columns[COLUMNS_MOST] = {{"row", "row", 0, 0, false},
                                           {"key", "key", 0, 0, false},
                                           {"title", "title", 0, 0, false},
                                           {"caption", "caption", 0, 0, false}};
    size_t count = 4;
    bool listed = false;
    char name[16];
    snprintf(name, sizeof name, "N_%zu", options->k);
    for (size_t c = 0; c < ANALYSIS_KS; c++) {
        columns[count++] = (struct column){count_name[c], count_name[c], 0, 0, false};
        listed = listed || analysis_k[c] == options->k;
    }
    if (!listed) {
        columns[count++] = (struct column){name, name, 0, 0, false};
    }
    columns[count++] = (struct column){"hub", "hub", 0, 0, false};
    columns[count++] = (struct column){"mass", "mass", 2, 0, false};
    const struct layout layout = {
        .sections = "rules",
        .section_name = "spec",
        .rows = "items",
        .columns = columns,
        .count = count,
        .title = put_title,
        .heading = put_heading,
    };
    report_print(report, options->format, &layout);
}

static int report_hubs(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    size_t gallery = task_gallery(&workspace->task), k = options->k;
    if (k > gallery) {
        return fail_text("--k %zu is more than the %zu items of the gallery", k, gallery);
    }
    int status = workspace_fit(workspace, NULL);
    status = status < 0 ? workspace_analyse(workspace, k > ANALYSIS_TOP ? k : ANALYSIS_TOP) : status;
    if (status >= 0) {
        return status;
    }
    json_t *report = workspace_report(workspace);
    json_object_set_new(report, "k", report_count(k));
    json_object_set_new(report, "fair_share",
                        report_real((double)k * (double)task_queries(&workspace->task) / (double)gallery));
    json_object_set_new(report, "hub_threshold",
                        report_count(hub_threshold(k, task_queries(&workspace->task), gallery)));
    json_t *list = json_array();
    json_object_set_new(report, "rules", list);
    for (size_t i = 0; i < workspace->analyses; i++) {
        json_t *rule = section(workspace, &workspace->analysis[i]);
        if (!rule) {
            json_decref(report);
            return fail_text("out of memory");
        }
        json_array_append_new(list, rule);
    }
    if (options->measures) {
        measures_print(report, options->format, put_title);
    } else {
        print_items(report, options);
    }
    return STATUS_OK;
}

int cmd_hubs(const struct options *options)
{
    if (options->k > K_MOST) {
        return fail_usage("hubs", "--k takes 1 to %d, not %zu", K_MOST, options->k);
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_hubs(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
