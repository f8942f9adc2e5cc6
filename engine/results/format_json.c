/* JSON: a report's whole tree, or an object with the lists, one line per query. */
#include "engine/base/memory.h"
#include "engine/results/describe.h"
#include "engine/results/format.h"
#include "engine/results/lists_report.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>
#include <string.h>

struct written {
    struct lists_names *names;
    size_t queries;
};

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    if (json_dumpf(report->tree, out, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) && !ferror(out))
        return error_memory(error);
    fputc('\n', out);
    return 0;
}

/* Writes what precedes the lists and leaves the object open. */
static int put_head(const struct lists_output *output, struct error *error)
{
    json_t *head = task_report(output->task), *rules_of = json_array();
    json_object_set_new(head, "depth", report_count(output->depth));
    for (size_t r = 0; r < output->count; r++)
        json_array_append_new(rules_of, fit_report(output->task, output->rules[r].fit));
    json_object_set_new(head, "rules", rules_of);
    char *text = json_dumps(head, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(head);
    if (!text)
        return error_memory(error);
    fprintf(output->out[0], "%.*s,\"lists\":[", (int)strlen(text) - 1, text);
    free(text);
    return 0;
}

static int begin_lists(struct lists_output *output, struct error *error)
{
    struct written *written = output->own = memory_array(1, sizeof *written);
    if (!written)
        return error_memory(error);
    if (!(written->names = lists_names_open(error)))
        return -1;
    return put_head(output, error);
}

static int put_lists(struct lists_output *output, size_t query, const struct list *lists, struct error *error)
{
    struct written *written = output->own;
    struct report report = lists_report(output, written->names, query, lists);
    fputs(written->queries++ ? ",\n" : "\n", output->out[0]);
    int status = json_dumpf(report.tree, output->out[0], JSON_COMPACT | JSON_REAL_PRECISION(9));
    output->rows += report_rows(&report);
    report_close(&report);
    return status && !ferror(output->out[0]) ? error_memory(error) : 0;
}

static void end_lists(struct lists_output *output, bool whole)
{
    struct written *written = output->own;
    if (whole)
        fputs("\n]}\n", output->out[0]);
    if (written)
        lists_names_close(written->names);
    free(written);
}

static const struct lists_writer lists = {
    .depth = LISTS_DEPTH, .begin = begin_lists, .query = put_lists, .end = end_lists};

const struct format format_json = {
    .name = "json",
    .endings = "json",
    .help = "everything, as a tree",
    .report = put_report,
    .shape = SHAPE_TREE,
    .lists = &lists,
};
