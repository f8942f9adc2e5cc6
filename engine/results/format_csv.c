/* CSV according to RFC 4180, with a header: the rows of a report, its sections one below the other, or of lists. */
#include "engine/collection/collection.h"
#include "engine/results/format.h"
#include "engine/results/lists_report.h"
#include "engine/results/lists_write.h"
#include "engine/results/rows.h"
#include <stdatomic.h>
#include <string.h>

static atomic_bool safe;

void format_csv_set_safe(bool wanted)
{
    atomic_store(&safe, wanted);
}

/* Whether a spreadsheet might take a cell of that text for a formula. */
static bool is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r\n", *text);
}

static void put_text(FILE *out, const char *text)
{
    const char *mark = atomic_load(&safe) && is_formula(text) ? "'" : "";

    if (!strpbrk(text, ",\"\r\n")) {
        fprintf(out, "%s%s", mark, text);
        return;
    }
    fprintf(out, "\"%s", mark);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static const struct rows_style style = {.separator = ",", .end = "\r\n", .digits = 17, .text = put_text};

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    return rows_put(&style, report, out, error);
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
    rows_put_value(&style, out, json_object_get(object, member));
}

/* Writes a line of a list: the query, the rule and the place. */
static void put_place(const struct lists_output *output, const json_t *query, const json_t *rule, const json_t *row)
{
    const char *query_name[2], *item_name[3];
    FILE *out = output->out[0];
    size_t queries = query_names(output->task, query_name), items = item_names(output->task, item_name);
    rows_put_value(&style, out, json_object_get(query, "query"));
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
