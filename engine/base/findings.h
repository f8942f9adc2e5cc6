/* Everything that a check finds: faults, which forbid going on, and remarks, which are only worth
 * knowing.
 *
 * Each is one line of clean text.  Of faults that are alike only the first few are kept as lines;
 * the others are counted in one more line, so that a million bad rows say no more than four. */
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
    size_t faults; /* counted ones included */
    size_t hidden; /* faults beyond FINDINGS_LINES */
    bool memory;   /* it ran out: lines are missing */
};

/* Adds a fault.  Beyond FINDINGS_NAMED with the same file and kind they are counted as "FILE: 12
 * more KIND" ("keys that are taken"); a null kind is never counted together. `kind` is borrowed for
 * good. */
void findings_fault(struct findings *findings, const char *file, const char *kind,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

void findings_remark(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes a fault of `reason` and returns 0; but what is not a fault of the input (memory, cancelled) is
 * passed on as `error`, with -1. */
int findings_take(struct findings *findings, const char *file, const char *kind,
                  const struct error *reason, struct error *error);

/* Line `index` into buffer; *remark tells which sort it is. */
void findings_line(const struct findings *findings, size_t index, char *buffer, size_t size,
                   bool *remark);

/* 0 when there is no fault; else -1 with the first one and how many more there are, which `lister`
 * ("--dry-run") lists. */
int findings_verdict(const struct findings *findings, const char *lister, struct error *error);

void findings_close(struct findings *findings); /* releases and zeroes */

#endif
