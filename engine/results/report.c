#include "engine/results/report.h"
#include "engine/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 512 };

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
        char repaired[4096];
        text_clean(repaired, sizeof repaired, text);
        value = json_string(repaired);
    }
    return value;
}

void report_put_text(FILE *out, const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    char clean[LINE];
    text_clean(clean, sizeof clean, text ? text : "");
    fputs(clean, out);
}

double report_get_real(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

const json_t *report_value(const json_t *row, const char *path)
{
    const char *point = strchr(path, '.');
    const json_t *value = json_object_get(row, path);
    if (value || !point)
        return value;
    return report_value(json_object_getn(row, path, (size_t)(point - path)), point + 1);
}

void report_columns(const struct layout *layout, const json_t *rows, bool *shown)
{
    size_t index;
    const json_t *row;
    for (size_t c = 0; c < layout->count; c++) {
        json_array_foreach ((json_t *)rows, index, row) {
            if (shown[c])
                break;
            shown[c] = report_value(row, layout->columns[c].path) != NULL;
        }
        shown[c] = shown[c] || json_array_size(rows) == 0;
    }
}

size_t report_rows(const struct report *report)
{
    const struct layout *layout = &report->layout;
    size_t index, count = 0;
    json_t *section;
    if (!layout->sections)
        return json_array_size(json_object_get(report->tree, layout->rows));
    json_array_foreach (json_object_get(report->tree, layout->sections), index, section)
        count += json_array_size(json_object_get(section, layout->rows));
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
