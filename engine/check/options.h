/* What a check of a collection is given, and what it reports. */
#ifndef HUBSCOPE_ENGINE_CHECK_OPTIONS_H
#define HUBSCOPE_ENGINE_CHECK_OPTIONS_H

#include "engine/base/findings.h"

struct encoder_command;

enum { CHECKS_MAX = 16, CHECK_CAPTIONS = 200 };

struct check {        /* checks of one kind */
    const char *name; /* "catalog", "vectors" */
    bool skipped;     /* another defect prevents it; `what` names that */
    char what[256];   /* what was checked: "500 videos, 1000 queries" */
    struct findings findings;
};

struct check_report {
    struct check check[CHECKS_MAX];
    size_t checks, faults, wrong; /* wrong: the number of checks with faults */
};

struct check_options {
    bool cheap;                            /* only checks that take no longer than opening the collection */
    const struct encoder_command *command; /* an encoder instead of the collection's; or null */
};

#endif
