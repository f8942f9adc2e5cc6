/* Verifying a collection that exists: everything that can be wrong with it, found at once. */
#ifndef HUBSCOPE_ENGINE_CHECK_CHECK_H
#define HUBSCOPE_ENGINE_CHECK_CHECK_H

#include "engine/base/job.h"
#include "engine/check/options.h"

/* Goes through all checks whatever they find.  0 when they were made, whatever was found; -1 when
 * they could not be (no collection there, memory, cancelled).  The report is zeroed by the caller,
 * and closed in either case. */
int collection_check(const char *path, const struct check_options *options,
                     struct check_report *report, struct job *job, struct error *error);
void check_report_close(struct check_report *report);

#endif
