/* Query banks side by side: how well each represents the queries, and R@1 with it. */
#ifndef HUBSCOPE_ENGINE_RESULTS_BANKS_H
#define HUBSCOPE_ENGINE_RESULTS_BANKS_H

#include "engine/evaluation/bank_report.h"
#include "engine/results/report.h"

/* {..., "raw_R@1", "raw_skewness", "query_top1", "banks": [{"bank", "rows", "coverage", ..., "reading", "R@1": {SPEC:
 * R@1}, "skewness": {SPEC: ...}, "rules"}]}, all of `found` made with the same rules.  Fails when out of memory or
 * without any bank; the report is then zeroed. */
int banks_report(const struct task *task, const struct bank_report *found, size_t banks, struct report *report,
                 struct error *error);

#endif
