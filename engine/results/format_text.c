/* Plain text as the command line prints it: titles and tables. */
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/results/describe.h"
#include "engine/results/format.h"
#include "engine/results/lists_report.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>
#include <wchar.h>

enum { CELL = 512, CELL_COLUMNS = 60, GAP = 2 };

/* How a column of a table is printed. */
struct printed {
    bool shown, right;
    size_t width;
};

/* Display columns of the text, `most` at most, and the number of bytes that fit in them. */
static size_t text_width(const char *text, size_t most, size_t *bytes)
{
    size_t width = 0;
    const char *at = text;
    *bytes = 0;
    for (;;) {
        uint32_t point = text_next(&at);
        if (!point)
            return width;
        int columns = wcwidth((wchar_t)point);
        size_t wide = columns < 0 ? 1 : (size_t)columns;
        if (width + wide > most)
            return width;
        width += wide;
        *bytes = (size_t)(at - text);
    }
}

/* Formats a cell. */
static void cell_text(char *out, size_t size, const struct column *column, const json_t *value)
{
    double factor = column->factor != 0 ? column->factor : 1;
    if (json_is_string(value))
        text_clean(out, size, json_string_value(value));
    else if (column->sign && json_is_number(value) && json_number_value(value) == 0)
        snprintf(out, size, "=");
    else if (json_is_integer(value))
        snprintf(out, size, column->sign ? "%+lld" : "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(out, size, column->sign ? "%+.*f" : "%.*f", column->precision, factor * json_real_value(value));
    else
        snprintf(out, size, "%s", json_is_true(value) ? "yes" : json_is_false(value) ? "" : "-");
}

static void put_cell(FILE *out, const char *text, const struct printed *column, bool last)
{
    size_t bytes, used = text_width(text, column->width, &bytes);
    int pad = (int)(column->width - used);
    fprintf(out, "%*s%.*s", column->right ? pad : 0, "", (int)bytes, text);
    fprintf(out, "%*s", last ? 0 : (column->right ? 0 : pad) + GAP, "");
}

static void measure(const struct column *column, const json_t *rows, struct printed *printed)
{
    char cell[CELL];
    size_t index, bytes;
    const json_t *row;
    printed->width = text_width(column->label, CELL_COLUMNS, &bytes);
    json_array_foreach ((json_t *)rows, index, row) {
        const json_t *value = report_value(row, column->path);
        cell_text(cell, sizeof cell, column, value);
        size_t wide = text_width(cell, CELL_COLUMNS, &bytes);
        printed->width = wide > printed->width ? wide : printed->width;
        printed->right = printed->right || json_is_number(value);
    }
}

static void put_rows(FILE *out, const struct layout *layout, const json_t *rows, const struct printed *printed)
{
    char cell[CELL];
    size_t last = 0, index;
    const json_t *row;
    for (size_t c = 0; c < layout->count; c++)
        last = printed[c].shown ? c : last;
    for (size_t c = 0; c < layout->count; c++)
        if (printed[c].shown)
            put_cell(out, layout->columns[c].label, &printed[c], c == last);
    fputc('\n', out);
    json_array_foreach ((json_t *)rows, index, row) {
        for (size_t c = 0; c < layout->count; c++) {
            if (!printed[c].shown)
                continue;
            cell_text(cell, sizeof cell, &layout->columns[c], report_value(row, layout->columns[c].path));
            put_cell(out, cell, &printed[c], c == last);
        }
        fputc('\n', out);
    }
}

static int put_table(FILE *out, const struct layout *layout, const json_t *rows, struct error *error)
{
    bool *present = memory_array(layout->count, sizeof *present);
    struct printed *printed = memory_array(layout->count, sizeof *printed);
    int status = present && printed ? 0 : error_memory(error);
    if (status == 0) {
        report_columns(layout, rows, present);
        for (size_t c = 0; c < layout->count; c++) {
            printed[c].shown = present[c] && layout->columns[c].label;
            if (printed[c].shown)
                measure(&layout->columns[c], rows, &printed[c]);
        }
        put_rows(out, layout, rows, printed);
    }
    free(present);
    free(printed);
    return status;
}

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    const struct layout *layout = &report->layout;
    if (layout->title)
        layout->title(out, report->tree);
    if (layout->body) {
        layout->body(out, report->tree);
        return 0;
    }
    if (!layout->sections) {
        int status = put_table(out, layout, json_object_get(report->tree, layout->rows), error);
        if (status == 0 && layout->footer)
            layout->footer(out, report->tree);
        return status;
    }
    size_t index;
    const json_t *section;
    json_array_foreach (json_object_get(report->tree, layout->sections), index, section) {
        fputc('\n', out);
        if (layout->heading)
            layout->heading(out, section);
        if (put_table(out, layout, json_object_get(section, layout->rows), error))
            return -1;
    }
    return 0;
}

static int begin_lists(struct lists_output *output, struct error *error)
{
    if (!(output->own = lists_names_open(error)))
        return -1;
    json_t *head = task_report(output->task);
    task_title(output->out[0], head);
    json_decref(head);
    return 0;
}

static int put_lists(struct lists_output *output, size_t query, const struct list *lists, struct error *error)
{
    struct report report = lists_report(output, output->own, query, lists);
    int status = put_report(&report, output->out[0], error);
    output->rows += report_rows(&report);
    report_close(&report);
    return status;
}

static const struct lists_writer lists = {
    .depth = LISTS_DEPTH, .begin = begin_lists, .query = put_lists, .end = lists_names_end};

const struct format format_text = {
    .name = "text",
    .endings = "txt",
    .help = "as the command line prints it",
    .report = put_report,
    .shape = SHAPE_READABLE,
    .lists = &lists,
};
