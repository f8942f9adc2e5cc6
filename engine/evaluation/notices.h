/* What may be wrong with the data and so mislead the reader of results, and what to do about it.
 *
 * A new notice takes a function and a line in the table of notices.c. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_NOTICES_H
#define HUBSCOPE_ENGINE_EVALUATION_NOTICES_H

#include "engine/evaluation/analysis.h"

enum notice_kind { NOTICE_LOGITS, NOTICE_CHANCE, NOTICE_DUPLICATES, NOTICES };

struct notice {
    enum notice_kind kind;
    const char *name;  /* in files: "logits" */
    const char *badge; /* one or two words for a header */
    char text[256];    /* one line, no full stop */
};

/* Writes the notices on a task and `count` analyses of it (0: on the task alone); returns how many it wrote. */
size_t notices_of(const struct task *task, const struct analysis *analyses, size_t count,
                  struct notice notice[NOTICES]);

#endif
