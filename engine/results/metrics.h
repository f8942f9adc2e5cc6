/* The measures of every rule side by side: retrieval, hubness, mass. */
#ifndef HUBSCOPE_ENGINE_RESULTS_METRICS_H
#define HUBSCOPE_ENGINE_RESULTS_METRICS_H

#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/results/report.h"

/* {..., "rules": [{..., "metrics", "hubness" (k 10), "mass", "gate_rate", "residual", "bootstrap"}]}.  `bootstraps` is
 * null or has one, or null, for each analysis: the intervals of its differences from another. */
struct report metrics_report(const struct task *task, const struct analysis *analyses, size_t count,
                             const struct bootstrap *const *bootstraps);

/* Both directions in one report, {"directions": [...]}; takes ownership of both. */
struct report metrics_pair(struct report *first, struct report *second);

#endif
