/* The formats of output: one table for --format, file name endings, completion and help.
 *
 * A format is a file format_NAME.c with its writers and a line in formats.def.  Code that writes results gives their
 * kind as a set of contents; it offers the formats that hold any of these, and this unit refuses every other. */
#ifndef HUBSCOPE_ENGINE_RESULTS_FORMAT_H
#define HUBSCOPE_ENGINE_RESULTS_FORMAT_H

#include "engine/base/error.h"
#include "engine/formats/npy.h"
#include <stdio.h>

struct report;
struct lists_writer;

enum format_contents {
    FORMAT_REPORT = 1 << 0, /* a report: engine/results/report.h */
    FORMAT_LISTS = 1 << 1,  /* top lists of queries, written as they are computed: engine/results/lists_write.h */
    FORMAT_VECTOR = 1 << 2, /* one number per item or per query */
    FORMAT_PAGE = 1 << 3,   /* the page of engine/page */
    FORMAT_SCREEN = 1 << 4, /* a picture of the terminal */
    FORMAT_EXPORT = FORMAT_REPORT | FORMAT_LISTS | FORMAT_VECTOR,
    FORMAT_ANY = FORMAT_EXPORT | FORMAT_PAGE | FORMAT_SCREEN
};

/* How much of a report a format writes. */
enum format_shape {
    SHAPE_READABLE, /* titles and tables, or the report's own text instead of tables */
    SHAPE_TREE,     /* all of it */
    SHAPE_ROWS      /* the rows alone */
};

struct format {
    const char *name;     /* as --format takes it */
    const char *endings;  /* of files, separated by blanks; the first is proposed */
    const char *help;     /* a description of such a file */
    unsigned made_beside; /* contents written by other folders: FORMAT_PAGE, FORMAT_SCREEN */

    /* Writers; null: it does not hold such contents.  -1 with the error when out of memory; the caller checks the
     * stream for write errors (ferror). */
    int (*report)(const struct report *report, FILE *out, struct error *error);
    enum format_shape shape; /* of reports */
    const struct lists_writer *lists;
    int (*vector)(const char *path, enum npy_type type, const void *data, size_t count, struct error *error);
};

#define FORMAT(id) extern const struct format format_##id;
#define PAGE(id, ...) extern const struct format format_##id;
#define SCREEN(id, ...) extern const struct format format_##id;
#include "engine/results/formats.def"
#undef FORMAT
#undef PAGE
#undef SCREEN

unsigned format_holds(const struct format *format); /* the contents it can hold */

/* Whether CSV begins each text that a spreadsheet might take for a formula with an apostrophe; not at first.  For the
 * whole process. */
void format_csv_set_safe(bool wanted);

/* Format number `index` of those that hold any of the contents; null past the last. */
const struct format *format_at(unsigned contents, size_t index);

/* By its name, or by the ending of a file's name; null if none of that name or ending holds any of the contents. */
const struct format *format_named(unsigned contents, const char *name);
const struct format *format_of_path(unsigned contents, const char *path);

/* The first ending. */
enum { FORMAT_ENDING = 16 };
const char *format_ending(const struct format *format, char buffer[FORMAT_ENDING]);

/* The names, separated by `between`: "text, json, csv"; the endings as in ".txt, .json or .csv". */
enum { FORMAT_LIST = 160 };
const char *format_names(unsigned contents, const char *between, char buffer[FORMAT_LIST]);
const char *format_endings(unsigned contents, char buffer[FORMAT_LIST]);

/* The same, but failing with an error that lists the formats of `what`: "hubs has no format 'npy': text, json, csv".
 * If the contents have only one format, its ending may be any that is not another format's. */
const struct format *format_choose(unsigned contents, const char *what, const char *name, struct error *error);
const struct format *format_choose_path(unsigned contents, const char *what, const char *path, struct error *error);

#endif
