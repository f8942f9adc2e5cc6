/* A rule's measures at many values of its parameters. */
#ifndef HUBSCOPE_ENGINE_RESULTS_SWEEP_H
#define HUBSCOPE_ENGINE_RESULTS_SWEEP_H

#include "engine/evaluation/sweep.h"
#include "engine/evaluation/tuning.h"
#include "engine/results/report.h"

/* For points measured on a held-out part of the bank. */
struct sweep_tuned {
    const struct tuning *tuning;
    enum sweep_goal goal;
    size_t seed;
    const struct sweep_point *chosen, *before; /* the choice and the rule as given, on the evaluation queries */
};

/* {..., "points": [{..., the goals, "skewness", ..., "best"}], "tuned"}.  `best` is a point's index, or SIZE_MAX; tuned
 * is null for points measured on the evaluation queries. */
struct report sweep_report(const struct task *task, const struct sweep *sweep, size_t best,
                           const struct sweep_tuned *tuned);

#endif
