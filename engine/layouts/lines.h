/* The lines of a text file, for layouts that are no tables. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_LINES_H
#define HUBSCOPE_ENGINE_LAYOUTS_LINES_H

#include "engine/base/error.h"
#include <stddef.h>

struct lines {
    const char *path;
    char *bytes;
    size_t size, at, number; /* of the line last taken, from 1 */
};

int lines_open(struct lines *lines, const char *path, struct error *error);
void lines_close(struct lines *lines);

/* The next line without its end, with a final zero, in *line.  1; 0 at the end; -1 for a line that
 * is no text. */
int lines_next(struct lines *lines, char **line, struct error *error);

/* "FILE:LINE: what", always -1. */
int lines_refuse(const struct lines *lines, const char *what, struct error *error);

#endif
