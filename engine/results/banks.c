#include "engine/results/banks.h"
#include "engine/base/memory.h"
#include "engine/fitting/bank_name.h"
#include "engine/results/describe.h"
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
    {"bank", "bank", 0, 0, false},         {"rows", "rows", 0, 0, false},       {"coverage", "active%", 1, 100, false},
    {"gate_rate", "gate%", 1, 100, false}, {"correlation", "rho", 2, 0, false}, {"bank_hubs", NULL, 0, 0, false},
    {"query_hubs", NULL, 0, 0, false},     {"shared_hubs", NULL, 0, 0, false},  {"hub_overlap", "hubs%", 1, 100, false},
    {"distance", "dist", 3, 0, false},     {"bank_top1", "top-1", 3, 0, false}, {"query_top1", NULL, 3, 0, false},
};
enum { FIXED = sizeof columns / sizeof *columns, EACH = 2, NAME = 256 };

static json_t *one_bank(const struct bank_report *found)
{
    char text[256];
    json_t *report = json_object(), *first = json_object(), *skewness = json_object(), *list = json_array();
    bank_name_print(&found->subset, text, sizeof text);
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
        json_object_set_new(entry, "skewness", report_real(rule->skewness));
        json_object_set_new(entry, "normalization_error", report_real(rule->normalization_error));
        json_object_set_new(entry, "gate_rate", report_real(rule->gate_rate));
        json_array_append_new(list, entry);
        rule_print(&rule->spec, text, sizeof text);
        json_object_set_new(first, text, report_real(rule->metrics.r1));
        json_object_set_new(skewness, text, report_real(rule->skewness));
    }
    json_object_set_new(report, "R@1", first);
    json_object_set_new(report, "skewness", skewness);
    json_object_set_new(report, "rules", list);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    size_t index;
    const json_t *bank;
    task_title(out, report);
    fprintf(
        out,
        "Under raw R@1 is %.1f and the skewness of N_10 %.2f; under each rule, R@1 below its name, then the skewness.\n"
        "active: items that some bank query ranks first; gate: queries whose first item is active; rho: rank\n"
        "correlation of N_10 over bank and queries; hubs: shared of all hubs; dist: between the mean embeddings;\n"
        "top-1: mean similarity of the best item (queries: %.3f).\n\n",
        report_get_real(report, "raw_R@1"), report_get_real(report, "raw_skewness"),
        report_get_real(report, "query_top1"));
    json_array_foreach (json_object_get(report, "banks"), index, bank) {
        report_put_text(out, bank, "bank");
        fputs(": ", out);
        report_put_text(out, bank, "reading");
        fputs(".\n", out);
    }
    fputc('\n', out);
}

/* Columns after the fixed ones, with a rule's R@1 and its skewness: headed by the rule's name, or its spec if several
 * share it. */
struct own_rule {
    char path[NAME + 8], skewness[NAME + 16], label[NAME];
};

static struct layout banks_layout(struct column *column, struct own_rule *own, const struct bank_report *found)
{
    memcpy(column, columns, sizeof columns);
    for (size_t i = 0; i < found->rules; i++) {
        const struct rule *rule = found->rule[i].spec.rule;
        char spec[NAME];
        rule_print(&found->rule[i].spec, spec, sizeof spec);
        snprintf(own[i].path, sizeof own[i].path, "R@1.%s", spec);
        snprintf(own[i].skewness, sizeof own[i].skewness, "skewness.%s", spec);
        snprintf(own[i].label, sizeof own[i].label, "%s", rule->name);
        for (size_t j = 0; j < found->rules; j++)
            if (j != i && found->rule[j].spec.rule == rule)
                snprintf(own[i].label, sizeof own[i].label, "%s", spec);
        column[FIXED + EACH * i] = (struct column){own[i].path, own[i].label, 1, 0, false};
        column[FIXED + EACH * i + 1] = (struct column){own[i].skewness, "skew", 2, 0, false};
    }
    return (struct layout){
        .rows = "banks", .columns = column, .count = FIXED + EACH * found->rules, .title = put_title};
}

int banks_report(const struct task *task, const struct bank_report *found, size_t banks, struct report *report,
                 struct error *error)
{
    size_t columned = banks ? found[0].rules : 0, head = (FIXED + EACH * columned) * sizeof(struct column);
    *report = (struct report){0};
    char *own = memory_array(head + columned * sizeof(struct own_rule), 1);
    if (!own || !banks) {
        free(own);
        return own ? error_set(error, ERROR_INPUT, "no bank to report on") : error_memory(error);
    }
    json_t *tree = task_report(task), *list = json_array();
    json_object_del(tree, "bank");
    json_object_del(tree, "bank_name");
    for (size_t i = 0; i < banks; i++)
        json_array_append_new(list, one_bank(&found[i]));
    json_object_set_new(tree, "raw_R@1", report_real(found[0].raw.r1));
    json_object_set_new(tree, "raw_skewness", report_real(found[0].raw_skewness));
    json_object_set_new(tree, "query_top1", report_real(found[0].query_top1));
    json_object_set_new(tree, "banks", list);
    struct layout layout = banks_layout((struct column *)own, (struct own_rule *)(own + head), &found[0]);
    *report = (struct report){.tree = tree, .layout = layout, .own = own};
    return 0;
}
