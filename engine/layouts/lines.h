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
    size_t size, at, number; /* of the line last taken, from 1 */
};

/* Takes a line, without its end, and puts what it says into the table: fields and the end of a row, or nothing. */
typedef int line_reader(struct table *table, const struct lines *lines, char *line, struct error *error);

/* A table with these columns of all lines of a file; null on failure, also for a line that is not text. */
struct table *lines_table(const char *path, const char *const *names, size_t columns, line_reader *read,
                          struct error *error);

/* Whether the file's first line is this one. */
bool lines_begin(const char *path, const char *first);

/* "FILE:LINE: what", always -1. */
int lines_refuse(const struct lines *lines, const char *what, struct error *error);

#endif
