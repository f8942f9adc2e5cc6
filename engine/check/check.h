/* Verifying a collection that is there: everything that can be wrong with it, found at once. */
#ifndef HUBSCOPE_ENGINE_CHECK_H
#define HUBSCOPE_ENGINE_CHECK_H

#include "engine/encoders/encoder.h"
#include "engine/base/findings.h"
#include "engine/base/job.h"

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

/* Goes through all checks whatever they find.  0 when they were made, whatever was found; -1 when
 * they could not be (no collection there, memory, cancelled).  The report is zeroed by the caller,
 * and closed in either case. */
int collection_check(const char *path, const struct check_options *options,
                     struct check_report *report, struct job *job, struct error *error);
void check_report_close(struct check_report *report);

#endif
