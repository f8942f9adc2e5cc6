/* Queries by how far their target moves between two rules. */
#ifndef HUBSCOPE_ENGINE_RESULTS_SHIFTS_H
#define HUBSCOPE_ENGINE_RESULTS_SHIFTS_H

#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/results/ranking.h"
#include "engine/results/report.h"

/* {..., "from", "to", "helped", "hurt", "unchanged", "without_target", "mean_shift", "bootstrap" unless that is null,
 * "shifts": [{"query", its name, "rank_from", "rank_to", "shift"}]}.  Without an order the rows are the queries with a
 * target, biggest change first.  On failure the report is zeroed. */
int shifts_report(const struct task *task, const struct analysis *from, const struct analysis *to,
                  const struct bootstrap *bootstrap, const struct choice *choice, struct report *report,
                  struct error *error);

#endif
