#include "engine/results/lists_report.h"
#include "engine/base/memory.h"
#include "engine/results/describe.h"
#include <stdlib.h>

enum { SLOTS = 1 << 14 };

static const struct column columns[] = {
    {"rank", "rank", 0, 0, false},     {"row", NULL, 0, 0, false},          {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},   {"caption", "caption", 0, 0, false}, {"score", "score", 4, 0, false},
    {"target", "target", 0, 0, false},
};

struct lists_names {
    struct {
        size_t item;
        json_t *members; /* that name it; null: a free slot */
    } slot[SLOTS];
};

struct lists_names *lists_names_open(struct error *error)
{
    struct lists_names *names = memory_array(1, sizeof *names);
    if (!names)
        error_memory(error);
    return names;
}

void lists_names_close(struct lists_names *names)
{
    for (size_t i = 0; names && i < SLOTS; i++)
        json_decref(names->slot[i].members);
    free(names);
}

void lists_names_end(struct lists_output *output, bool whole)
{
    (void)whole;
    lists_names_close(output->own);
}

/* Adds key, title and caption. */
static void name_item(struct lists_names *names, const struct task *task, json_t *row, size_t item)
{
    size_t at = item % SLOTS;
    if (!names->slot[at].members || names->slot[at].item != item) {
        json_decref(names->slot[at].members);
        names->slot[at].members = json_object();
        names->slot[at].item = item;
        item_describe(task, names->slot[at].members, item);
    }
    json_object_update(row, names->slot[at].members);
}

static bool is_target(const struct task *task, size_t query, uint32_t item)
{
    if (query == LISTS_TYPED)
        return false;
    size_t count;
    const uint32_t *asked = task_asked(task, query, &count);
    for (size_t i = 0; i < count; i++)
        if (asked[i] == item)
            return true;
    return false;
}

static json_t *list_report(const struct lists_output *output, struct lists_names *names, size_t query, size_t rule,
                           const struct list *list)
{
    const struct fit *fit = output->rules[rule].fit;
    json_t *report = json_object(), *rows = json_array();
    char name[512];
    fit_name(output->task, fit, name, sizeof name);
    json_object_set_new(report, "spec", report_text(name));
    json_object_set_new(report, "gate", fit->active ? json_boolean(list->open) : json_null());
    for (size_t i = 0; i < list->count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "rank", report_count(i + 1));
        json_object_set_new(row, "row", report_count(list->item[i]));
        name_item(names, output->task, row, list->item[i]);
        json_object_set_new(row, "score", report_real((double)list->score[i]));
        json_object_set_new(row, "target", json_boolean(is_target(output->task, query, list->item[i])));
        json_array_append_new(rows, row);
    }
    json_object_set_new(report, "results", rows);
    return report;
}

static void put_title(FILE *out, const json_t *report)
{
    const char *naming = json_object_get(report, "caption") ? "caption" : "title";
    const char *text = json_string_value(json_object_get(report, naming));
    fprintf(out, "\nquery %.0f", report_get_real(report, "query"));
    if (text && *text) {
        fputs(": ", out);
        report_put_text(out, report, naming);
    }
    fputc('\n', out);
}

static void put_heading(FILE *out, const json_t *rule)
{
    const json_t *gate = json_object_get(rule, "gate");
    report_put_text(out, rule, "spec");
    fputs(json_is_true(gate) ? ", gate open\n" : json_is_false(gate) ? ", gate shut: ordered as raw\n" : "\n", out);
}

static const struct layout layout = {
    .sections = "rules",
    .section_name = "spec",
    .rows = "results",
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .title = put_title,
    .heading = put_heading,
};

struct report lists_report(const struct lists_output *output, struct lists_names *names, size_t query,
                           const struct list *lists)
{
    const struct task *task = output->task;
    json_t *tree = json_object(), *targets = json_array(), *rules_of = json_array();
    json_object_set_new(tree, "query", query == LISTS_TYPED ? json_null() : report_count(query));
    if (query != LISTS_TYPED) {
        size_t count;
        const uint32_t *asked = task_asked(task, query, &count);
        query_describe(task, tree, query);
        for (size_t i = 0; i < count; i++)
            json_array_append_new(targets, report_count(asked[i]));
    }
    json_object_set_new(tree, "targets", targets);
    for (size_t r = 0; r < output->count; r++)
        json_array_append_new(rules_of, list_report(output, names, query, r, &lists[r]));
    json_object_set_new(tree, "rules", rules_of);
    return (struct report){.tree = tree, .layout = layout};
}
