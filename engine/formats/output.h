/* A file in the making, written through a stream and put in place when it is whole.
 *
 * Until then the destination is untouched, and where the file system can (O_TMPFILE) nothing is left behind however the
 * process ends.  A destination that is not a regular file, such as /dev/stdout or a pipe, is written to as it is. */
#ifndef HUBSCOPE_ENGINE_FORMATS_OUTPUT_H
#define HUBSCOPE_ENGINE_FORMATS_OUTPUT_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stdio.h>

struct output {
    FILE *stream;    /* where to write; null when closed */
    char *path;      /* the destination, without symbolic links where it exists */
    char *temporary; /* a named file beside it; null: there is none */
    bool direct;     /* the destination itself is open */
    bool replace;
};

/* Fails when the directory is not there or not writable, for a directory, and, without `replace`, when a file of that
 * name exists. */
int output_open(struct output *output, const char *path, bool replace, struct error *error);

/* Flushes to disk and puts the file in place, which without `replace` no file may have taken meanwhile; the output is
 * closed in any case. */
int output_commit(struct output *output, struct error *error);

void output_abandon(struct output *output); /* a zeroed, failed or committed output is fine */

/* Whether output_open would refuse it for want of `replace`, and for nothing else. */
bool output_exists(const char *path);

#endif
