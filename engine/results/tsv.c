#include "engine/results/tsv.h"

#include "engine/base/memory.h"
#include "engine/results/report.h"
#include <stdlib.h>

/* Tabs and newlines separate fields and rows. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, out);
}

static void put_value(FILE *out, const json_t *value)
{
    if (json_is_string(value))
        put_text(out, json_string_value(value));
    else if (json_is_integer(value))
        fprintf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        fprintf(out, "%.6g", json_real_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "true" : "false", out);
}

static void put_rows(FILE *out, const struct layout *layout, const char *section, const json_t *rows, const bool *shown)
{
    size_t index;
    const json_t *row;

    json_array_foreach ((json_t *)rows, index, row) {
        const char *tab = "";
        if (section) {
            put_text(out, section);
            tab = "\t";
        }
        for (size_t c = 0; c < layout->count; c++) {
            if (shown[c]) {
                fputs(tab, out);
                put_value(out, report_value(row, layout->columns[c].path));
                tab = "\t";
            }
        }
        fputc('\n', out);
    }
}

static int put_report(const struct report *report, FILE *out, struct error *error)
{
    const struct layout *layout = &report->layout;
    const json_t *section, *sections = layout->sections ? json_object_get(report->tree, layout->sections) : NULL;
    const json_t *rows = layout->sections ? NULL : json_object_get(report->tree, layout->rows);
    bool *shown = memory_array(layout->count, sizeof *shown);
    const char *tab = "";
    size_t index;

    if (!shown)
        return error_memory(error);
    if (!layout->sections)
        report_columns(layout, rows, shown);
    json_array_foreach ((json_t *)sections, index, section)
        report_columns(layout, json_object_get(section, layout->rows), shown);
    if (layout->sections) {
        put_text(out, layout->section_name);
        tab = "\t";
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (shown[c]) {
            fprintf(out, "%s%s", tab, layout->columns[c].path);
            tab = "\t";
        }
    }
    fputc('\n', out);
    if (!layout->sections)
        put_rows(out, layout, NULL, rows, shown);
    json_array_foreach ((json_t *)sections, index, section) {
        const char *name = json_string_value(json_object_get(section, layout->section_name));
        put_rows(out, layout, name, json_object_get(section, layout->rows), shown);
    }
    free(shown);
    return 0;
}

const struct format tsv = {.name = "tsv", .report = put_report, .shape = SHAPE_ROWS};
