#include "engine/results/rows.h"
#include "engine/base/memory.h"
#include <stdlib.h>

void rows_put_value(const struct rows_style *style, FILE *out, const json_t *value)
{
    if (json_is_string(value))
        style->text(out, json_string_value(value));
    else if (json_is_integer(value))
        fprintf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        fprintf(out, "%.*g", style->digits, json_real_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "true" : "false", out);
}

static void put_head(const struct rows_style *style, FILE *out, const struct layout *layout, const bool *shown)
{
    const char *before = "";
    if (layout->sections) {
        style->text(out, layout->section_name);
        before = style->separator;
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (shown[c]) {
            fputs(before, out);
            style->text(out, layout->columns[c].path);
            before = style->separator;
        }
    }
    fputs(style->end, out);
}

static void put_rows(const struct rows_style *style, FILE *out, const struct layout *layout, const char *section,
                     const json_t *rows, const bool *shown)
{
    size_t index;
    const json_t *row;
    json_array_foreach ((json_t *)rows, index, row) {
        const char *before = "";
        if (section) {
            style->text(out, section);
            before = style->separator;
        }
        for (size_t c = 0; c < layout->count; c++) {
            if (shown[c]) {
                fputs(before, out);
                rows_put_value(style, out, report_value(row, layout->columns[c].path));
                before = style->separator;
            }
        }
        fputs(style->end, out);
    }
}

int rows_put(const struct rows_style *style, const struct report *report, FILE *out, struct error *error)
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
    put_head(style, out, layout, shown);
    if (!layout->sections)
        put_rows(style, out, layout, NULL, rows, shown);
    json_array_foreach ((json_t *)sections, index, section) {
        const char *name = json_string_value(json_object_get(section, layout->section_name));
        put_rows(style, out, layout, name, json_object_get(section, layout->rows), shown);
    }
    free(shown);
    return 0;
}
