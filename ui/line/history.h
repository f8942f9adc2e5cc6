/* Lines entered earlier, oldest first, without consecutive duplicates, kept in a file between runs.  Several programs
 * may share the file: each adds its own lines to it. */
#ifndef HUBSCOPE_UI_LINE_HISTORY_H
#define HUBSCOPE_UI_LINE_HISTORY_H

#include "engine/base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { HISTORY_LINES = 500 };

struct history {
    char *line[HISTORY_LINES];
    size_t count;
    size_t fresh; /* the first line that is not in the file yet */
    size_t at;    /* the line shown; count: the one being typed */
    char *draft;  /* what was being typed before Up */
};

/* A missing file means an empty history; false if it cannot be read or is not a regular file. */
bool history_load(struct history *history, const char *path);

/* Readable by the user alone.  Fails on a disk that is full or broken; a place that may not be written to or a file
 * that cannot be read is ignored.  In either case the file stays as it was. */
int history_save(struct history *history, const char *path, struct error *error);
void history_close(struct history *history);

void history_add(struct history *history, const char *line);
/* The line before or after the one shown; null at the end.  `text` is the field's current text. */
const char *history_older(struct history *history, const char *text);
const char *history_newer(struct history *history);

/* Writes the indexes of the lines that contain each word of a text, whatever its case: the newest first, and each line
 * once.  Returns how many. */
size_t history_find(const struct history *history, const char *words, size_t found[HISTORY_LINES]);

#endif
