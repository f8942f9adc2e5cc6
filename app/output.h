/* Where a command's results go, and in which format: to standard output, or to the file of --output, written whole or
 * not at all. */
#ifndef HUBSCOPE_APP_OUTPUT_H
#define HUBSCOPE_APP_OUTPUT_H

#include "app/options.h"
#include "engine/results/format.h"
#include "engine/results/report.h"

struct output_options {
    int choice;                  /* index of --format among the command's; -1: not given */
    const struct format *format; /* once settled: of --format, else by the ending of --output, else the default */
    const char *path;
    bool replace;
    bool csv_safe;
};

/* For the table of `struct TYPE`; what it sets goes to format_csv_set_safe. */
#define CSV_SAFE_OPTION(type, field)                                                                                   \
    {                                                                                                                  \
        "csv-safe", OPTION_FLAG, offsetof(struct type, field), .help = "in CSV, put ' before texts like formulas"      \
    }

extern const struct option_group output_group;        /* of a report; settling opens the file, if one is named */
extern const struct option_group output_page_group;   /* of the page; likewise */
extern const struct option_group output_lists_group;  /* of lists, which open files of their own */
extern const struct option_group output_format_group; /* of a report on standard output: --format alone */

/* The file of --output, else standard output, cleaned if that is a terminal. */
FILE *output_stream(void);
/* Commits the file if `keep` is set and all of it was written, else removes it, and ends what a terminal was shown; -1
 * if that fails. */
int output_end(bool keep, struct error *error);

/* Writes the report to output_stream() and closes the report; -1 on failure. */
int output_report(struct report *report, const struct format *format, struct error *error);

#endif
