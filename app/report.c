#include "app/report.h"
#include "app/fail.h"
#include "engine/memory.h"
#include "engine/text.h"
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

static void put_cell(const char *text, size_t width, bool right, bool last)
{
    size_t bytes, used = text_width(text, width, &bytes);
    int pad = (int)(width - used);
    printf("%*s%.*s", right ? pad : 0, "", (int)bytes, text);
    printf("%*s", last ? 0 : (right ? 0 : pad) + GAP, "");
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

static void print_text(const json_t *rows, const struct layout *layout)
{
    bool *shown = memory_array(layout->count, sizeof *shown);
    size_t *width = memory_array(layout->count, sizeof *width);
    bool *right = memory_array(layout->count, sizeof *right);
    if (!shown || !width || !right) {
        exit(fail_text("out of memory"));
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
            put_cell(layout->columns[c].label, width[c], right[c], c == last);
        }
    }
    putchar('\n');
    json_array_foreach((json_t *)rows, index, row) {
        for (size_t c = 0; c < layout->count; c++) {
            if (layout->columns[c].label && shown[c]) {
                cell_text(cell, sizeof cell, &layout->columns[c], value_at(row, layout->columns[c].path));
                put_cell(cell, width[c], right[c], c == last);
            }
        }
        putchar('\n');
    }
    free(shown);
    free(width);
    free(right);
}

static void put_csv(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"') {
            putchar('"');
        }
        putchar(*text);
    }
    putchar('"');
}

static void put_csv_value(const json_t *value)
{
    if (json_is_string(value)) {
        put_csv(json_string_value(value));
    } else if (json_is_integer(value)) {
        printf("%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        printf("%.17g", json_real_value(value));
    } else if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "true" : "false", stdout);
    }
}

static void print_csv(const char *section, const json_t *rows, const struct layout *layout, const bool *shown)
{
    size_t index;
    const json_t *row;
    json_array_foreach((json_t *)rows, index, row) {
        const char *comma = "";
        if (section) {
            put_csv(section);
            comma = ",";
        }
        for (size_t c = 0; c < layout->count; c++) {
            if (shown[c]) {
                fputs(comma, stdout);
                put_csv_value(value_at(row, layout->columns[c].path));
                comma = ",";
            }
        }
        fputs("\r\n", stdout);
    }
}

static void print_csv_head(const struct layout *layout, const bool *shown)
{
    const char *comma = "";
    if (layout->sections) {
        put_csv(layout->section_name);
        comma = ",";
    }
    for (size_t c = 0; c < layout->count; c++) {
        if (shown[c]) {
            fputs(comma, stdout);
            put_csv(layout->columns[c].path);
            comma = ",";
        }
    }
    fputs("\r\n", stdout);
}

static void print_table(const json_t *report, int format, const struct layout *layout)
{
    bool *shown = memory_array(layout->count, sizeof *shown);
    if (!shown) {
        exit(fail_text("out of memory"));
    }
    if (format == FORMAT_TEXT && layout->title) {
        layout->title(stdout, report);
    }
    if (!layout->sections) {
        const json_t *rows = json_object_get(report, layout->rows);
        find_columns(rows, layout, shown);
        if (format == FORMAT_TEXT) {
            print_text(rows, layout);
        } else {
            print_csv_head(layout, shown);
            print_csv(NULL, rows, layout, shown);
        }
        free(shown);
        return;
    }
    size_t index;
    const json_t *section, *sections = json_object_get(report, layout->sections);
    json_array_foreach((json_t *)sections, index, section) {
        find_columns(json_object_get(section, layout->rows), layout, shown);
    }
    if (format == FORMAT_CSV) {
        print_csv_head(layout, shown);
    }
    json_array_foreach((json_t *)sections, index, section) {
        const json_t *rows = json_object_get(section, layout->rows);
        if (format == FORMAT_CSV) {
            print_csv(json_string_value(json_object_get(section, layout->section_name)), rows, layout, shown);
        } else {
            putchar('\n');
            layout->heading(stdout, section);
            print_text(rows, layout);
        }
    }
    free(shown);
}

void report_print(json_t *report, int format, const struct layout *layout)
{
    if (format == FORMAT_JSON) {
        json_dumpf(report, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
        putchar('\n');
    } else {
        print_table(report, format, layout);
    }
    json_decref(report);
}
