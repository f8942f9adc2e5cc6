/* The lines of a text file, for layouts that are not tables. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_LINES_H
#define HUBSCOPE_ENGINE_LAYOUTS_LINES_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct table;

struct lines {
    const char *path;
    char *bytes;
    size_t size, at, number; /* of the last line read, from 1 */
};

/* Adds a line, given without its end, to the table: its fields and an end of row, or nothing. */
typedef int line_reader(struct table *table, const struct lines *lines, char *line, struct error *error);

/* Makes a table with these columns from all lines of a file; null on failure, also for a line that is not text. */
struct table *lines_table(const char *path, const char *const *names, size_t columns, line_reader *read,
                          struct error *error);

/* Whether the file's first line is this one. */
bool lines_begin(const char *path, const char *first);

/* "FILE:LINE: what", always -1. */
int lines_refuse(const struct lines *lines, const char *what, struct error *error);

#endif
