#include "engine/results/lists_write.h"
#include "engine/collection/collection.h"
#include "engine/base/memory.h"
#include "engine/results/describe.h"
#include "engine/results/trec.h"
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14 };

static const struct column columns[] = {
    {"rank", "rank", 0, 0, false},       {"row", NULL, 0, 0, false},      {"key", "key", 0, 0, false},
    {"title", "title", 0, 0, false},     {"caption", "caption", 0, 0, false}, {"score", "score", 4, 0, false},
    {"target", "target", 0, 0, false},
};

struct slot { /* what names an item */
    size_t item;
    json_t *names; /* null: empty */
};

struct writer {
    const struct task *task;
    const struct ruled *rules;
    size_t count, rows, queries;
    enum format format;
    FILE *const *out;
    struct trec trec;              /* of a run */
    char (*tag)[TREC_NAME];
    struct slot *slot;             /* of the others */
};

/* Adds key, title and caption, remembered for items that come again. */
static void describe(struct writer *writer, json_t *row, size_t item)
{
    struct slot *slot = &writer->slot[item % SLOTS];
    if (!slot->names || slot->item != item) {
        json_decref(slot->names);
        slot->names = json_object();
        slot->item = item;
        item_describe(writer->task, slot->names, item);
    }
    json_object_update(row, slot->names);
}

static bool is_target(const struct task *task, size_t query, uint32_t item)
{
    for (uint32_t t = task->target_start[query]; t < task->target_start[query + 1]; t++) {
        if (task->target[t] == item) {
            return true;
        }
    }
    return false;
}

static json_t *list_report(struct writer *writer, size_t query, size_t rule, const struct list *list)
{
    const struct fit *fit = writer->rules[rule].fit;
    json_t *report = json_object(), *rows = json_array();
    char name[512];
    fit_name(writer->task, fit, name, sizeof name);
    json_object_set_new(report, "spec", report_text(name));
    json_object_set_new(report, "gate", fit->active ? json_boolean(list->open) : json_null());
    for (size_t i = 0; i < list->count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "rank", report_count(i + 1));
        json_object_set_new(row, "row", report_count(list->item[i]));
        describe(writer, row, list->item[i]);
        json_object_set_new(row, "score", report_real((double)list->score[i]));
        json_object_set_new(row, "target", json_boolean(is_target(writer->task, query, list->item[i])));
        json_array_append_new(rows, row);
    }
    json_object_set_new(report, "results", rows);
    return report;
}

static json_t *query_report(struct writer *writer, size_t query, const struct list *lists)
{
    const struct task *task = writer->task;
    json_t *report = json_object(), *targets = json_array(), *rules_of = json_array();
    json_object_set_new(report, "query", report_count(query));
    query_describe(task, report, query);
    for (uint32_t t = task->target_start[query]; t < task->target_start[query + 1]; t++) {
        json_array_append_new(targets, report_count(task->target[t]));
    }
    json_object_set_new(report, "targets", targets);
    for (size_t r = 0; r < writer->count; r++) {
        json_array_append_new(rules_of, list_report(writer, query, r, &lists[r]));
    }
    json_object_set_new(report, "rules", rules_of);
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

/* What names queries and items: the members that rows of this task have. */
static void csv_names(const struct task *task, const char **query, size_t *queries, const char **item, size_t *items)
{
    bool named = task->collection && task->collection->catalog, t2v = task->direction == T2V;
    *queries = *items = 0;
    if (named && t2v) {
        query[(*queries)++] = "caption";
    } else if (named) {
        query[(*queries)++] = "key";
        query[(*queries)++] = "title";
    }
    if (named && !t2v) {
        item[(*items)++] = "caption";
    }
    if (named) {
        item[(*items)++] = "key";
        item[(*items)++] = "title";
    }
}

static void put_csv_head(const struct writer *writer)
{
    const char *query[4], *item[4];
    size_t queries, items;
    FILE *out = writer->out[0];
    csv_names(writer->task, query, &queries, item, &items);
    fputs("query", out);
    for (size_t i = 0; i < queries; i++) {
        fprintf(out, ",query_%s", query[i]);
    }
    fputs(",spec,rank,row", out);
    for (size_t i = 0; i < items; i++) {
        fprintf(out, ",%s", item[i]);
    }
    fputs(",score,target\r\n", out);
}

static void put_csv_field(FILE *out, const json_t *object, const char *member)
{
    fputc(',', out);
    report_put_csv(out, json_object_get(object, member));
}

static void put_csv(const struct writer *writer, const json_t *report)
{
    const char *query[4], *item[4];
    size_t queries, items, r, index;
    FILE *out = writer->out[0];
    const json_t *rule, *row;
    csv_names(writer->task, query, &queries, item, &items);
    json_array_foreach(json_object_get(report, "rules"), r, rule) {
        json_array_foreach(json_object_get(rule, "results"), index, row) {
            report_put_csv(out, json_object_get(report, "query"));
            for (size_t i = 0; i < queries; i++) {
                put_csv_field(out, report, query[i]);
            }
            put_csv_field(out, rule, "spec");
            put_csv_field(out, row, "rank");
            put_csv_field(out, row, "row");
            for (size_t i = 0; i < items; i++) {
                put_csv_field(out, row, item[i]);
            }
            put_csv_field(out, row, "score");
            put_csv_field(out, row, "target");
            fputs("\r\n", out);
        }
    }
}

static int take(void *context, size_t query, const struct list *lists, struct error *error)
{
    struct writer *writer = context;
    FILE *out = writer->out[0];
    int status = 0;
    struct report report = {.tree = query_report(writer, query, lists), .layout = layout};
    writer->rows += report_rows(&report);
    if (writer->format == FORMAT_JSON) {
        fputs(writer->queries++ ? ",\n" : "\n", out);
        json_dumpf(report.tree, out, JSON_COMPACT | JSON_REAL_PRECISION(9));
    } else if (writer->format == FORMAT_CSV) {
        put_csv(writer, report.tree);
    } else {
        status = report_write(&report, FORMAT_TEXT, out, error);
    }
    report_close(&report);
    return status == 0 && ferror(out) ? error_system(error, "the lists cannot be written") : status;
}

static int take_run(void *context, size_t query, const struct list *lists, struct error *error)
{
    struct writer *writer = context;
    char name[TREC_NAME];
    if (trec_query(&writer->trec, query, name, sizeof name, error)) {
        return -1;
    }
    for (size_t r = 0; r < writer->count; r++) {
        writer->rows += lists[r].count;
        if (trec_put_list(writer->out[r], &writer->trec, name, &lists[r], writer->tag[r], error)) {
            return -1;
        }
        if (ferror(writer->out[r])) {
            return error_system(error, "the run cannot be written");
        }
    }
    return 0;
}

/* What stands before the lists; the JSON object stays open. */
static int put_head(struct writer *writer, size_t depth, struct error *error)
{
    FILE *out = writer->out[0];
    json_t *head = task_report(writer->task), *list = json_array();
    json_object_set_new(head, "depth", report_count(depth));
    if (writer->format == FORMAT_TEXT) {
        task_title(out, head);
    } else if (writer->format == FORMAT_CSV) {
        put_csv_head(writer);
    }
    for (size_t r = 0; r < writer->count; r++) {
        json_array_append_new(list, fit_report(writer->task, writer->rules[r].fit));
    }
    json_object_set_new(head, "rules", list);
    char *text = json_dumps(head, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(head);
    if (!text) {
        return error_memory(error);
    }
    if (writer->format == FORMAT_JSON) {
        fprintf(out, "%.*s,\"lists\":[", (int)strlen(text) - 1, text);
    }
    free(text);
    return 0;
}

static int write_lists(struct writer *writer, size_t depth, struct job *job, struct error *error)
{
    writer->slot = memory_array(SLOTS, sizeof *writer->slot);
    if (!writer->slot) {
        return error_memory(error);
    }
    int status = put_head(writer, depth, error);
    status = status ? status : lists_run(writer->rules, writer->count, depth, take, writer, job, error);
    if (writer->format == FORMAT_JSON) {
        fputs("\n]}\n", writer->out[0]);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        json_decref(writer->slot[i].names);
    }
    free(writer->slot);
    return status;
}

static int write_trec(struct writer *writer, size_t depth, struct job *job, struct error *error)
{
    if (trec_open(&writer->trec, writer->task, error)) {
        return -1;
    }
    int status = 0;
    writer->tag = memory_array(writer->count, sizeof *writer->tag);
    if (!writer->tag) {
        status = error_memory(error);
    } else if (writer->format == FORMAT_QRELS) {
        status = trec_put_judgements(writer->out[0], &writer->trec, &writer->rows, error);
    } else {
        for (size_t r = 0; r < writer->count; r++) {
            trec_tag(&writer->rules[r], writer->task, writer->tag[r], sizeof writer->tag[r]);
        }
        status = lists_run(writer->rules, writer->count, depth, take_run, writer, job, error);
    }
    free(writer->tag);
    trec_close(&writer->trec);
    return status;
}

int lists_write(const struct task *task, const struct ruled *ruled, size_t count, size_t depth, enum format format,
                FILE *const *out, size_t *rows, struct job *job, struct error *error)
{
    struct writer writer = {.task = task, .rules = ruled, .count = count, .format = format, .out = out};
    size_t gallery = task_gallery(task);
    depth = depth < gallery ? depth : gallery;
    int status = format == FORMAT_TREC || format == FORMAT_QRELS ? write_trec(&writer, depth, job, error)
                                                                 : write_lists(&writer, depth, job, error);
    *rows = writer.rows;
    return status;
}
