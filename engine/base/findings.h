/* Everything that a check finds: faults, which must be fixed, and remarks, which are only worth knowing.  Each is one
 * line of clean text.  Of similar faults only the first few get a line each; one more line counts the others, so that a
 * million bad rows take no more than four lines. */
#ifndef HUBSCOPE_ENGINE_BASE_FINDINGS_H
#define HUBSCOPE_ENGINE_BASE_FINDINGS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum { FINDINGS_NAMED = 3, FINDINGS_LINES = 1000, FINDINGS_LINE = 512 };

struct finding;

struct findings { /* a zeroed one is empty */
    struct finding *line;
    size_t lines;
    size_t faults; /* including those that are only counted */
    size_t hidden; /* faults beyond FINDINGS_LINES */
    bool memory;   /* out of memory: lines are missing */
};

/* Adds a fault.  Beyond FINDINGS_NAMED with the same file and kind, faults are counted as "FILE: 12 more KIND" ("keys
 * that are taken"); a fault with a null kind is never merged.  `kind` must outlive the findings. */
void findings_fault(struct findings *findings, const char *file, const char *kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void findings_remark(struct findings *findings, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Records `reason` as a fault and returns 0; a reason that is not a fault of the input (memory, cancelled) goes to
 * `error` and -1 is returned. */
int findings_take(struct findings *findings, const char *file, const char *kind, const struct error *reason,
                  struct error *error);

/* Copies line `index` into buffer; *remark says whether it is a remark or a fault. */
void findings_line(const struct findings *findings, size_t index, char *buffer, size_t size, bool *remark);

/* Returns 0 when there are no faults; else -1 with the first one and the number of others, which `lister` ("--dry-run")
 * lists. */
int findings_verdict(const struct findings *findings, const char *lister, struct error *error);

void findings_close(struct findings *findings); /* releases and zeroes */

#endif
