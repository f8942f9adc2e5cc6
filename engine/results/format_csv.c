/* CSV according to RFC 4180, with a header: the rows of a report, its sections one below the other, or of lists. */
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/results/format.h"
#include "engine/results/lists_report.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>
#include <string.h>

static void put_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* Writes a field, quoted if necessary; nothing for null. */
static void put_value(FILE *out, const json_t *value)
{
    if (json_is_string(value))
        put_text(out, json_string_value(value));
    else if (json_is_integer(value))
        fprintf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        fprintf(out, "%.17g", json_real_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "true" : "false", out);
}

static void put_head(FILE *out, const struct layout *layout, const bool *shown)
{
    const char *comma = "";
    if (layout->sections) {
        put_text(out, layout->section_name);
        comma = ",";
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (shown[c]) {
            fputs(comma, out);
            put_text(out, layout->columns[c].path);
            comma = ",";
        }
    }
    fputs("\r\n", out);
}

static void put_rows(FILE *out, const struct layout *layout, const char *section, const json_t *rows, const bool *shown)
{
    size_t index;
    const json_t *row;
    json_array_foreach ((json_t *)rows, index, row) {
        const char *comma = "";
        if (section) {
            put_text(out, section);
            comma = ",";
        }
        for (size_t c = 0; c < layout->count; c++) {
            if (shown[c]) {
                fputs(comma, out);
                put_value(out, report_value(row, layout->columns[c].path));
                comma = ",";
            }
        }
        fputs("\r\n", out);
    }
}

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    const struct layout *layout = &report->layout;
    const json_t *section, *sections = layout->sections ? json_object_get(report->tree, layout->sections) : NULL;
    const json_t *rows = layout->sections ? NULL : json_object_get(report->tree, layout->rows);
    bool *shown = memory_array(layout->count, sizeof *shown);
    size_t index;
    if (!shown)
        return error_memory(error);
    if (!layout->sections)
        report_columns(layout, rows, shown);
    json_array_foreach ((json_t *)sections, index, section)
        report_columns(layout, json_object_get(section, layout->rows), shown);
    put_head(out, layout, shown);
    if (!layout->sections)
        put_rows(out, layout, NULL, rows, shown);
    json_array_foreach ((json_t *)sections, index, section) {
        const char *name = json_string_value(json_object_get(section, layout->section_name));
        put_rows(out, layout, name, json_object_get(section, layout->rows), shown);
    }
    free(shown);
    return 0;
}

/* The members that name queries and items in reports of this task. */
static size_t query_names(const struct task *task, const char *names[2])
{
    bool named = task->collection && task->collection->catalog, t2v = task->direction == T2V;
    names[0] = t2v ? "caption" : "key";
    names[1] = "title";
    return !named ? 0 : t2v ? 1 : 2;
}

static size_t item_names(const struct task *task, const char *names[3])
{
    bool named = task->collection && task->collection->catalog;
    size_t count = 0;
    if (!task_items_are_videos(task))
        names[count++] = "caption";
    names[count++] = "key";
    names[count++] = "title";
    return named ? count : 0;
}

static int begin_lists(struct lists_output *output, struct error *error)
{
    const char *query[2], *item[3];
    FILE *out = output->out[0];
    size_t queries = query_names(output->task, query), items = item_names(output->task, item);
    if (!(output->own = lists_names_open(error)))
        return -1;
    fputs("query", out);
    for (size_t i = 0; i < queries; i++)
        fprintf(out, ",query_%s", query[i]);
    fputs(",spec,rank,row", out);
    for (size_t i = 0; i < items; i++)
        fprintf(out, ",%s", item[i]);
    fputs(",score,target\r\n", out);
    return 0;
}

static void put_member(FILE *out, const json_t *object, const char *member)
{
    fputc(',', out);
    put_value(out, json_object_get(object, member));
}

/* Writes a line of a list: the query, the rule and the place. */
static void put_place(const struct lists_output *output, const json_t *query, const json_t *rule, const json_t *row)
{
    const char *query_name[2], *item_name[3];
    FILE *out = output->out[0];
    size_t queries = query_names(output->task, query_name), items = item_names(output->task, item_name);
    put_value(out, json_object_get(query, "query"));
    for (size_t i = 0; i < queries; i++)
        put_member(out, query, query_name[i]);
    put_member(out, rule, "spec");
    put_member(out, row, "rank");
    put_member(out, row, "row");
    for (size_t i = 0; i < items; i++)
        put_member(out, row, item_name[i]);
    put_member(out, row, "score");
    put_member(out, row, "target");
    fputs("\r\n", out);
}

static int put_lists(struct lists_output *output, size_t query, const struct list *lists, struct error *error)
{
    struct report report = lists_report(output, output->own, query, lists);
    size_t r, index;
    const json_t *rule, *row;
    (void)error;
    json_array_foreach (json_object_get(report.tree, "rules"), r, rule)
        json_array_foreach (json_object_get(rule, "results"), index, row)
            put_place(output, report.tree, rule, row);
    output->rows += report_rows(&report);
    report_close(&report);
    return 0;
}

static const struct lists_writer lists = {
    .depth = LISTS_DEPTH, .begin = begin_lists, .query = put_lists, .end = lists_names_end};

const struct format format_csv = {
    .name = "csv",
    .endings = "csv",
    .help = "a table",
    .report = put_report,
    .shape = SHAPE_ROWS,
    .lists = &lists,
};
