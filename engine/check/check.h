/* Verifying an existing collection: finds everything that is wrong with it in one run. */
#ifndef HUBSCOPE_ENGINE_CHECK_CHECK_H
#define HUBSCOPE_ENGINE_CHECK_CHECK_H

#include "engine/base/job.h"
#include "engine/check/options.h"

/* Runs all checks, whatever they find.  Returns 0 if they ran, whatever was found; -1 if they could not (not a
 * collection, memory, cancelled).  The caller zeroes the report, and closes it in either case. */
int collection_check(const char *path, const struct check_options *options, struct check_report *report,
                     struct job *job, struct error *error);
void check_report_close(struct check_report *report);

#endif
