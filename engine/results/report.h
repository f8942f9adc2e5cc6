/* Results as a JSON tree, which every format of reports writes in its own way (engine/results/format.h).
 *
 * A report is an object.  Its rows are an array of objects under layout.rows: in the report itself, or in each of its
 * sections (one per rule, say), which are an array under layout.sections.  Columns pick members of the rows.  The files
 * beside this one build the trees: engine results in, a struct report out, which its caller closes. */
#ifndef HUBSCOPE_ENGINE_RESULTS_REPORT_H
#define HUBSCOPE_ENGINE_RESULTS_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct column {
    const char *path;  /* member, or "member.member"; names the CSV column */
    const char *label; /* head of the text column; null: not shown in text */
    int precision;     /* digits after the point, for reals */
    double factor;     /* text shows factor times the value (100: percent); 0 is 1 */
    bool sign;         /* text shows + before positive numbers and = for 0 */
};

struct layout {
    const char *sections;     /* or null */
    const char *section_name; /* the member that names a section: the first CSV column */
    const char *rows;
    const struct column *columns;
    size_t count;
    /* Lines above the table, each with its newline; section is null for the whole report's.  Either may be null. */
    void (*title)(FILE *out, const json_t *report);
    void (*heading)(FILE *out, const json_t *section);
    void (*body)(FILE *out, const json_t *report);   /* text instead of the tables; or null */
    void (*footer)(FILE *out, const json_t *report); /* lines below a table without sections; or null */
};

struct report {
    json_t *tree; /* one reference, owned */
    struct layout layout;
    void *own; /* a heap block behind layout.columns, or null */
};

/* The number of rows, over all sections. */
size_t report_rows(const struct report *report);
void report_close(struct report *report); /* null is fine */

/* Values: NaN and infinities become null; text that is not UTF-8 is repaired. */
json_t *report_real(double value);
json_t *report_count(size_t value);
json_t *report_text(const char *text);

/* For titles: members of an object, made safe to print. */
void report_put_text(FILE *out, const json_t *object, const char *member);
double report_get_real(const json_t *object, const char *member); /* NAN if there is none */

/* For writers.  report_value: the member at "a.b", null if it does not exist; only the last name may contain dots.
 * report_columns: marks the columns (layout.count) that any of the rows has, or all if there are no rows. */
const json_t *report_value(const json_t *row, const char *path);
void report_columns(const struct layout *layout, const json_t *rows, bool *shown);

#endif
