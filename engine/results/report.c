#include "engine/results/report.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { CELL = 512, CELL_COLUMNS = 60, GAP = 2 };

json_t *report_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *report_count(size_t value)
{
    return json_integer((json_int_t)value);
}

json_t *report_text(const char *text)
{
    json_t *value = json_string(text);
    if (!value) {
        char mended[4096];
        text_clean(mended, sizeof mended, text);
        value = json_string(mended);
    }
    return value;
}

void report_put_text(FILE *out, const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    char clean[CELL];
    text_clean(clean, sizeof clean, text ? text : "");
    fputs(clean, out);
}

double report_get_real(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The member at "a.b"; null if it is not there.  Only the last name may hold points itself. */
static const json_t *value_at(const json_t *row, const char *path)
{
    const char *point = strchr(path, '.');
    const json_t *value = json_object_get(row, path);
    if (value || !point) {
        return value;
    }
    return value_at(json_object_getn(row, path, (size_t)(point - path)), point + 1);
}

/* Display columns of the text, and the bytes that fit in `most` of them. */
static size_t text_width(const char *text, size_t most, size_t *bytes)
{
    size_t width = 0;
    const char *at = text;
    *bytes = 0;
    for (;;) {
        uint32_t point = text_next(&at);
        if (!point) {
            return width;
        }
        int columns = wcwidth((wchar_t)point);
        size_t wide = columns < 0 ? 1 : (size_t)columns;
        if (width + wide > most) {
            return width;
        }
        width += wide;
        *bytes = (size_t)(at - text);
    }
}

/* The cell as text for people. */
static void cell_text(char *out, size_t size, const struct column *column, const json_t *value)
{
    double factor = column->factor != 0 ? column->factor : 1;
    if (json_is_string(value)) {
        text_clean(out, size, json_string_value(value));
    } else if (column->sign && json_is_number(value) && json_number_value(value) == 0) {
        snprintf(out, size, "=");
    } else if (json_is_integer(value)) {
        snprintf(out, size, column->sign ? "%+lld" : "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        snprintf(out, size, column->sign ? "%+.*f" : "%.*f", column->precision,
                 factor * json_real_value(value));
    } else {
        snprintf(out, size, "%s", json_is_true(value) ? "yes" : json_is_false(value) ? "" : "-");
    }
}

static void put_cell(FILE *out, const char *text, size_t width, bool right, bool last)
{
    size_t bytes, used = text_width(text, width, &bytes);
    int pad = (int)(width - used);
    fprintf(out, "%*s%.*s", right ? pad : 0, "", (int)bytes, text);
    fprintf(out, "%*s", last ? 0 : (right ? 0 : pad) + GAP, "");
}

/* Marks the columns that some row has, or all when there are no rows. */
static void find_columns(const json_t *rows, const struct layout *layout, bool *shown)
{
    size_t index;
    const json_t *row;
    for (size_t c = 0; c < layout->count; c++) {
        json_array_foreach((json_t *)rows, index, row) {
            if (shown[c]) {
                break;
            }
            shown[c] = value_at(row, layout->columns[c].path) != NULL;
        }
        shown[c] = shown[c] || json_array_size(rows) == 0;
    }
}

static int write_text(FILE *out, const json_t *rows, const struct layout *layout)
{
    bool *shown = memory_array(layout->count, sizeof *shown);
    size_t *width = memory_array(layout->count, sizeof *width);
    bool *right = memory_array(layout->count, sizeof *right);
    if (!shown || !width || !right) {
        free(shown);
        free(width);
        free(right);
        return -1;
    }
    find_columns(rows, layout, shown);
    char cell[CELL];
    size_t last = 0, index, bytes;
    const json_t *row;
    for (size_t c = 0; c < layout->count; c++) {
        const struct column *column = &layout->columns[c];
        if (!column->label || !shown[c]) {
            continue;
        }
        last = c;
        width[c] = text_width(column->label, CELL_COLUMNS, &bytes);
        json_array_foreach((json_t *)rows, index, row) {
            const json_t *value = value_at(row, column->path);
            cell_text(cell, sizeof cell, column, value);
            size_t wide = text_width(cell, CELL_COLUMNS, &bytes);
            width[c] = wide > width[c] ? wide : width[c];
            right[c] = right[c] || json_is_number(value);
        }
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (layout->columns[c].label && shown[c]) {
            put_cell(out, layout->columns[c].label, width[c], right[c], c == last);
        }
    }
    fputc('\n', out);
    json_array_foreach((json_t *)rows, index, row) {
        for (size_t c = 0; c < layout->count; c++) {
            if (layout->columns[c].label && shown[c]) {
                cell_text(cell, sizeof cell, &layout->columns[c], value_at(row, layout->columns[c].path));
                put_cell(out, cell, width[c], right[c], c == last);
            }
        }
        fputc('\n', out);
    }
    free(shown);
    free(width);
    free(right);
    return 0;
}

static void put_csv(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

void report_put_csv(FILE *out, const json_t *value)
{
    if (json_is_string(value)) {
        put_csv(out, json_string_value(value));
    } else if (json_is_integer(value)) {
        fprintf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        fprintf(out, "%.17g", json_real_value(value));
    } else if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "true" : "false", out);
    }
}

static void write_csv(FILE *out, const char *section, const json_t *rows, const struct layout *layout, const bool *shown)
{
    size_t index;
    const json_t *row;
    json_array_foreach((json_t *)rows, index, row) {
        const char *comma = "";
        if (section) {
            put_csv(out, section);
            comma = ",";
        }
        for (size_t c = 0; c < layout->count; c++) {
            if (shown[c]) {
                fputs(comma, out);
                report_put_csv(out, value_at(row, layout->columns[c].path));
                comma = ",";
            }
        }
        fputs("\r\n", out);
    }
}

static void write_csv_head(FILE *out, const struct layout *layout, const bool *shown)
{
    const char *comma = "";
    if (layout->sections) {
        put_csv(out, layout->section_name);
        comma = ",";
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (shown[c]) {
            fputs(comma, out);
            put_csv(out, layout->columns[c].path);
            comma = ",";
        }
    }
    fputs("\r\n", out);
}

static int write_table(FILE *out, const json_t *report, enum format format, const struct layout *layout)
{
    bool *shown = memory_array(layout->count, sizeof *shown);
    int status = 0;
    if (!shown) {
        return -1;
    }
    if (format == FORMAT_TEXT && layout->title) {
        layout->title(out, report);
    }
    if (!layout->sections) {
        const json_t *rows = json_object_get(report, layout->rows);
        find_columns(rows, layout, shown);
        if (format == FORMAT_TEXT) {
            status = write_text(out, rows, layout);
        } else {
            write_csv_head(out, layout, shown);
            write_csv(out, NULL, rows, layout, shown);
        }
        free(shown);
        return status;
    }
    size_t index;
    const json_t *section, *sections = json_object_get(report, layout->sections);
    json_array_foreach((json_t *)sections, index, section) {
        find_columns(json_object_get(section, layout->rows), layout, shown);
    }
    if (format == FORMAT_CSV) {
        write_csv_head(out, layout, shown);
    }
    json_array_foreach((json_t *)sections, index, section) {
        const json_t *rows = json_object_get(section, layout->rows);
        if (format == FORMAT_CSV) {
            const char *name = json_string_value(json_object_get(section, layout->section_name));
            write_csv(out, name, rows, layout, shown);
        } else if (status == 0) {
            fputc('\n', out);
            layout->heading(out, section);
            status = write_text(out, rows, layout);
        }
    }
    free(shown);
    return status;
}

int report_write(const struct report *report, enum format format, FILE *out, struct error *error)
{
    const struct layout *layout = &report->layout;
    if (format == FORMAT_JSON) {
        if (json_dumpf(report->tree, out, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) && !ferror(out)) {
            return error_memory(error);
        }
        fputc('\n', out);
    } else if (format == FORMAT_TEXT && layout->body) {
        layout->title(out, report->tree);
        layout->body(out, report->tree);
    } else if (write_table(out, report->tree, format, layout)) {
        return error_memory(error);
    }
    return 0;
}

size_t report_rows(const struct report *report)
{
    const struct layout *layout = &report->layout;
    size_t index, count = 0;
    json_t *section;
    if (!layout->sections) {
        return json_array_size(json_object_get(report->tree, layout->rows));
    }
    json_array_foreach(json_object_get(report->tree, layout->sections), index, section) {
        count += json_array_size(json_object_get(section, layout->rows));
    }
    return count;
}

void report_close(struct report *report)
{
    if (report) {
        json_decref(report->tree);
        free(report->own);
        *report = (struct report){0};
    }
}
