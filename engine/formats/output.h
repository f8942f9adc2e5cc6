/* A file written through a stream and put in place when it is complete.  Until then the destination is untouched, and
 * where the file system supports it (O_TMPFILE) nothing is left behind however the process ends.  A destination that is
 * not a regular file, such as /dev/stdout or a pipe, is written directly, and a terminal through a terminal_stream. */
#ifndef HUBSCOPE_ENGINE_FORMATS_OUTPUT_H
#define HUBSCOPE_ENGINE_FORMATS_OUTPUT_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
    FILE *stream;    /* to write to; null when closed */
    char *path;      /* the destination, with symbolic links resolved if it exists */
    char *temporary; /* name of a temporary file beside it, or null */
    bool direct;     /* the destination itself is open */
    bool replace;
};

/* Fails if the directory is missing or not writable, if the destination is a directory and, without `replace`, if it
 * exists. */
int output_open(struct output *output, const char *path, bool replace, struct error *error);

/* Flushes to disk and puts the file in place; without `replace`, fails if a file has appeared there meanwhile.  Closes
 * the output in any case. */
int output_commit(struct output *output, struct error *error);

/* The same for several, of which all or none appear; what they replace is lost only once all are written. */
int output_commit_all(struct output *outputs, size_t count, struct error *error);

void output_abandon(struct output *output); /* a zeroed, failed or committed output is fine */

/* Whether output_open would refuse it solely because it exists, without `replace`. */
bool output_exists(const char *path);

#endif
