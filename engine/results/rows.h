/* The rows of a report as fields between separators, its sections one below the other, after a row of names. */
#ifndef HUBSCOPE_ENGINE_RESULTS_ROWS_H
#define HUBSCOPE_ENGINE_RESULTS_ROWS_H

#include "engine/base/error.h"
#include "engine/results/report.h"

struct rows_style {
    const char *separator, *end;               /* between fields, after each row */
    int digits;                                /* significant digits of a number */
    void (*text)(FILE *out, const char *text); /* writes a field so that it does not end early */
};

void rows_put_value(const struct rows_style *style, FILE *out, const json_t *value); /* nothing for null */

int rows_put(const struct rows_style *style, const struct report *report, FILE *out, struct error *error);

#endif
