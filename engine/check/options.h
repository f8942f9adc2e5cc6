/* What a check of a collection is asked for, and what it reports. */
#ifndef HUBSCOPE_ENGINE_CHECK_OPTIONS_H
#define HUBSCOPE_ENGINE_CHECK_OPTIONS_H

#include "engine/base/findings.h"

struct encoder_command;

enum { CHECKS_MAX = 16, CHECK_CAPTIONS = 200 };

struct check {        /* one kind of things */
    const char *name; /* "catalog", "vectors" */
    bool skipped;     /* something else that is wrong prevents it; `what` says which */
    char what[256];   /* what was looked at: "500 videos, 1000 queries" */
    struct findings findings;
};

struct check_report {
    struct check check[CHECKS_MAX];
    size_t checks, faults, wrong; /* `wrong` of the checks have faults */
};

struct check_options {
    bool cheap; /* only what takes no longer than opening the collection */
    const struct encoder_command *command; /* an encoder in place of the collection's; or null */
};

#endif
