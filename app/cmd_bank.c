#include "app/command.h"
#include "app/describe.h"
#include "app/fail.h"
#include "app/progress.h"
#include "app/report.h"
#include "engine/bank_choice.h"
#include "engine/bank_report.h"
#include <string.h>

static const struct column columns[] = {
    {"bank", "bank", 0, 0, false},
    {"rows", "rows", 0, 0, false},
    {"coverage", "active%", 1, 100, false},
    {"gate_rate", "gate%", 1, 100, false},
    {"correlation", "rho", 2, 0, false},
    {"bank_hubs", NULL, 0, 0, false},
    {"query_hubs", NULL, 0, 0, false},
    {"shared_hubs", NULL, 0, 0, false},
    {"hub_overlap", "hubs%", 1, 100, false},
    {"distance", "dist", 3, 0, false},
    {"bank_top1", "top-1", 3, 0, false},
    {"query_top1", NULL, 3, 0, false},
};
enum { FIXED = sizeof columns / sizeof *columns, NAME = 256 };

static const char *const defaults[] = {"is", "qbnorm", "ncl", "csls", "nnn", NULL};

static json_t *one_bank(const struct bank_report *found, const struct workspace *workspace)
{
    char text[256];
    json_t *report = json_object(), *first = json_object(), *list = json_array();
    bank_choice_print(&found->choice, text, sizeof text);
    json_object_set_new(report, "bank", report_text(text));
    json_object_set_new(report, "rows", report_count(found->rows));
    json_object_set_new(report, "coverage", report_real(found->coverage));
    json_object_set_new(report, "gate_rate", report_real(found->gate_rate));
    json_object_set_new(report, "correlation", report_real(found->correlation));
    json_object_set_new(report, "bank_hubs", report_count(found->bank_hubs));
    json_object_set_new(report, "query_hubs", report_count(found->query_hubs));
    json_object_set_new(report, "shared_hubs", report_count(found->shared_hubs));
    json_object_set_new(report, "hub_overlap", report_real(found->hub_overlap));
    json_object_set_new(report, "distance", report_real(found->distance));
    json_object_set_new(report, "bank_top1", report_real(found->bank_top1));
    json_object_set_new(report, "query_top1", report_real(found->query_top1));
    bank_report_reading(found, text, sizeof text);
    json_object_set_new(report, "reading", json_string(text));
    for (size_t i = 0; i < found->rules; i++) {
        const struct bank_rule *rule = &found->rule[i];
        json_t *entry = rule_report(&rule->spec);
        json_object_set_new(entry, "R@1", report_real(rule->metrics.r1));
        json_object_set_new(entry, "R@10", report_real(rule->metrics.r10));
        json_object_set_new(entry, "MnR", report_real(rule->metrics.mnr));
        json_object_set_new(entry, "gain", report_real(rule->metrics.r1 - found->raw.r1));
        json_object_set_new(entry, "normalization_error", report_real(rule->normalization_error));
        json_object_set_new(entry, "gate_rate", report_real(rule->gate_rate));
        json_array_append_new(list, entry);
        rule_print(&workspace->spec[i], text, sizeof text);
        json_object_set_new(first, text, report_real(rule->metrics.r1));
    }
    json_object_set_new(report, "R@1", first);
    json_object_set_new(report, "rules", list);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *bank;
    workspace_title(out, report);
    fprintf(out,
            "R@1 is %.1f under raw.  active: items that are the best of some bank query; gate: queries whose best item "
            "is\nactive; rho: rank correlation of N_10 over bank and queries; hubs: shared of all hubs; dist: between "
            "the mean\nembeddings; top-1: mean similarity of the best item (queries: %.3f).\n\n",
            report_get_real(report, "raw_R@1"), report_get_real(report, "query_top1"));
    json_array_foreach(json_object_get(report, "banks"), index, bank)
    {
        report_put_text(out, bank, "bank");
        fputs(": ", out);
        report_put_text(out, bank, "reading");
        fputs(".\n", out);
    }
    fputc('\n', out);
}

/* The rules asked for, or those that need no more than a bank. */
static int choose_rules(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    struct error error = {0};
    for (size_t i = 0; i < options->rule.count; i++) {
        if (strchr(options->rule.item[i], '@')) {
            return fail_usage("bank", "rules take every bank in turn here: leave out the @");
        }
        if (rule_parse(options->rule.item[i], workspace->task.logit_scale, &workspace->spec[workspace->specs++],
                       &error)) {
            return fail_usage("bank", "%s", error.text);
        }
    }
    for (size_t i = 0; !options->rule.count && defaults[i]; i++) {
        workspace->spec[workspace->specs++] = rule_default(rule_find(defaults[i]), workspace->task.logit_scale);
    }
    for (size_t i = 0; i < workspace->specs; i++) {
        const char *missing = rule_unavailable(workspace->spec[i].rule, &workspace->task);
        if (missing) {
            return fail_text("rule %s cannot be used here: %s", workspace->spec[i].rule->name, missing);
        }
    }
    return -1;
}

/* Reports on the task's bank into `list`. */
static int add_bank(struct workspace *workspace, json_t *report, json_t *list)
{
    struct progress progress;
    struct bank_report found;
    struct error error = {0};
    progress_start(&progress, "Measuring the bank");
    int failed =
        bank_report_make(&workspace->task, workspace->spec, workspace->specs, &found, &progress.job, &error);
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    json_array_append_new(list, one_bank(&found, workspace));
    json_object_set_new(report, "raw_R@1", report_real(found.raw.r1));
    json_object_set_new(report, "query_top1", report_real(found.query_top1));
    bank_report_close(&found);
    return -1;
}

/* Columns with the R@1 of every rule behind the fixed ones: its name heads the column where no other has it. */
static void print(const struct workspace *workspace, json_t *report)
{
    struct column all[FIXED + SPECS_MOST];
    char path[SPECS_MOST][NAME + 8], label[SPECS_MOST][NAME];
    memcpy(all, columns, sizeof columns);
    for (size_t i = 0; i < workspace->specs; i++) {
        const struct rule *rule = workspace->spec[i].rule;
        char spec[NAME];
        rule_print(&workspace->spec[i], spec, sizeof spec);
        snprintf(path[i], sizeof path[i], "R@1.%s", spec);
        snprintf(label[i], sizeof label[i], "%s", rule->name);
        for (size_t j = 0; j < workspace->specs; j++) {
            if (j != i && workspace->spec[j].rule == rule) {
                snprintf(label[i], sizeof label[i], "%s", spec);
            }
        }
        all[FIXED + i] = (struct column){path[i], label[i], 1, 0, false};
    }
    const struct layout layout = {
        .rows = "banks", .columns = all, .count = FIXED + workspace->specs, .title = put_title};
    report_print(report, workspace->options->format, &layout);
}

static int report_banks(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    const struct collection *collection = workspace->collection;
    bool t2v = workspace->task.direction == T2V;
    const struct text_list *named = !collection->catalog                     ? &(const struct text_list){0}
                                    : t2v || !options->video_bank.count ? &options->bank
                                                                             : &options->video_bank;
    const struct bank *banks = t2v ? collection->bank : collection->video_bank;
    size_t count = named->count ? named->count : t2v ? collection->banks : collection->video_banks;
    if (!count) {
        return fail_text("%s has no %s to report on", collection->name, t2v ? "query bank" : "video bank");
    }
    int status = choose_rules(workspace);
    json_t *report = workspace_report(workspace), *list = json_array();
    for (size_t i = 0; i < count && status < 0; i++) {
        status = workspace_use_bank(workspace, named->count ? named->item[i] : banks[i].name);
        status = status < 0 ? add_bank(workspace, report, list) : status;
    }
    json_object_set_new(report, "banks", list);
    json_object_del(report, "bank");
    json_object_del(report, "bank_name");
    if (status >= 0) {
        json_decref(report);
        return status;
    }
    print(workspace, report);
    return STATUS_OK;
}

int cmd_bank(const struct options *options)
{
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_banks(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
