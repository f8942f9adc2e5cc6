#include "engine/results/hubs.h"
#include "engine/base/memory.h"
#include "engine/evaluation/hub_queries.h"
#include "engine/results/describe.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 12 };

static const char *const count_name[ANALYSIS_KS] = {"N_1", "N_5", "N_10"};

/* The items of one rule, by N_k. */
static json_t *items_report(const struct task *task, const struct analysis *analysis, const struct hubs_choice *choice,
                            const uint32_t *occurrence, uint32_t threshold, struct ranked *ranked)
{
    size_t items = analysis->gallery;
    char name[24];
    json_t *list = json_array();
    snprintf(name, sizeof name, "N_%zu", choice->k);
    size_t count = 0;
    for (size_t j = 0; j < items; j++)
        if (subset_has(analysis->subset, j))
            ranked[count++] = (struct ranked){occurrence[j], j};
    size_t shown = ranking_choose(ranked, choice->rows.order ? items : count, &choice->rows);
    for (size_t i = 0; i < shown; i++) {
        size_t item = ranked[i].row;
        json_t *row = json_object();
        json_object_set_new(row, "row", report_count(item));
        item_describe(task, row, item);
        for (size_t c = 0; c < ANALYSIS_KS; c++)
            json_object_set_new(row, count_name[c], report_count(analysis->occurrence[c][item]));
        json_object_set_new(row, name, report_count(occurrence[item]));
        json_object_set_new(row, "hub", json_boolean(occurrence[item] >= threshold));
        json_object_set_new(row, "mass", report_real(analysis->mass ? analysis->mass[item] : NAN));
        json_object_set_new(row, "bias",
                            report_real(analysis->fit->bias && !task->videos ? analysis->fit->bias[item] : NAN));
        json_array_append_new(list, row);
    }
    return list;
}

/* One rule's section; null when out of memory. */
static json_t *section(const struct task *task, const struct analysis *analysis, const struct hubs_choice *choice)
{
    size_t items = analysis->gallery, k = choice->k;
    struct hubness hubness;
    struct ranked *ranked = memory_array(items, sizeof *ranked);
    uint32_t *occurrence = memory_array(items, sizeof *occurrence);
    json_t *report = NULL;
    if (!ranked || !occurrence || analysis_occurrence(analysis, k, occurrence, &hubness))
        goto done;
    uint32_t threshold = hub_threshold(k, analysis->queries, items);
    size_t hubs = 0, held = 0, all = 0;
    for (size_t j = 0; j < items; j++) {
        if (!subset_has(analysis->subset, j))
            continue;
        hubs += occurrence[j] >= threshold;
        held += occurrence[j] >= threshold ? occurrence[j] : 0;
        all += occurrence[j];
    }
    struct measured measured = {analysis, &hubness, task->direction};
    report = fit_report(task, analysis->fit);
    json_object_set_new(report, "hubs", report_count(hubs));
    json_object_set_new(report, "hub_share", report_real((double)held / (double)(k * analysis->queries)));
    if (analysis->subset) {
        json_object_set_new(report, "subset_share", report_real((double)all / (double)(k * analysis->queries)));
        json_object_set_new(report, "subset_fair_share", report_real((double)analysis->subset->items / (double)items));
    }
    json_object_set_new(report, "hubness", hubness_report(&hubness));
    json_object_set_new(report, "measures", measures_report(&measured, MEASURE_HUBNESS));
    json_object_set_new(report, "items", items_report(task, analysis, choice, occurrence, threshold, ranked));
done:
    free(ranked);
    free(occurrence);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    task_title(out, report);
    fprintf(out, "N_k: top-k lists an item appears in; fair share of N_%.0f: %.1f; hub: twice that, %.0f or more\n",
            report_get_real(report, "k"), report_get_real(report, "fair_share"),
            report_get_real(report, "hub_threshold"));
}

static void put_heading(FILE *out, const json_t *rule)
{
    rule_put(out, rule);
    double hubs = report_get_real(rule, "hubs");
    fprintf(out,
            hubs == 1 ? ": %.0f hub holds %.1f %% of the list places\n"
                      : ": %.0f hubs hold %.1f %% of the list places\n",
            hubs, 100 * report_get_real(rule, "hub_share"));
    subset_put_share(out, rule, "list places");
    measures_put(out, json_object_get(rule, "measures"));
}

/* The columns of the items, with one more for N_k unless k is one of analysis_k. */
struct own {
    struct column column[COLUMNS_MOST];
    char name[24];
};

static struct layout items_layout(struct own *own, size_t k)
{
    static const struct column first[] = {
        {"row", "row", 0, 0, false},
        {"key", "key", 0, 0, false},
        {"title", "title", 0, 0, false},
        {"caption", "caption", 0, 0, false},
    };
    size_t count = sizeof first / sizeof *first;
    bool listed = false;
    memcpy(own->column, first, sizeof first);
    snprintf(own->name, sizeof own->name, "N_%zu", k);
    for (size_t c = 0; c < ANALYSIS_KS; c++) {
        own->column[count++] = (struct column){count_name[c], count_name[c], 0, 0, false};
        listed = listed || analysis_k[c] == k;
    }
    if (!listed)
        own->column[count++] = (struct column){own->name, own->name, 0, 0, false};
    own->column[count++] = (struct column){"hub", "hub", 0, 0, false};
    own->column[count++] = (struct column){"mass", "mass", 2, 0, false};
    own->column[count++] = (struct column){"bias", NULL, 0, 0, false};
    return (struct layout){
        .sections = "rules",
        .section_name = "spec",
        .rows = "items",
        .columns = own->column,
        .count = count,
        .title = put_title,
        .heading = put_heading,
    };
}

int hubs_report(const struct task *task, const struct analysis *analyses, size_t count,
                const struct hubs_choice *choice, struct report *report, struct error *error)
{
    size_t queries = task_queries(task), gallery = task_items(task), k = choice->k;
    *report = (struct report){0};
    if (k < 1 || k > gallery)
        return error_set(error, ERROR_INPUT, "k is 1 to the gallery's %zu items, not %zu", gallery, k);
    struct own *own = memory_array(1, sizeof *own);
    if (!own)
        return error_memory(error);
    json_t *tree = task_report(task), *list = json_array();
    notices_report(tree, task, analyses, count);
    *report = (struct report){
        .tree = tree,
        .layout = choice->measures ? measures_layout(put_title) : items_layout(own, k),
        .own = own,
    };
    json_object_set_new(tree, "k", report_count(k));
    json_object_set_new(tree, "fair_share", report_real((double)k * (double)queries / (double)gallery));
    json_object_set_new(tree, "hub_threshold", report_count(hub_threshold(k, queries, gallery)));
    json_object_set_new(tree, "rules", list);
    for (size_t i = 0; i < count; i++) {
        json_t *rule = section(task, &analyses[i], choice);
        if (!rule) {
            report_close(report);
            return error_memory(error);
        }
        json_array_append_new(list, rule);
    }
    return describe_check_read(task, report, error);
}
