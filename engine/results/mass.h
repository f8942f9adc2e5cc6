/* Items by the retrieval-probability mass they hold, with the measures of that distribution, for every rule. */
#ifndef HUBSCOPE_ENGINE_RESULTS_MASS_H
#define HUBSCOPE_ENGINE_RESULTS_MASS_H

#include "engine/evaluation/analysis.h"
#include "engine/results/ranking.h"
#include "engine/results/report.h"

struct mass_choice {
    struct choice rows; /* items; if it has no order, by mass */
    bool measures;      /* show only the measures; the tree has both */
    bool whole_curve;   /* all points of the Lorenz curve among the measures */
};

/* {..., "fair_share", "rules": [{..., "normalization_error", "min", "max", "over", "items", "quantiles", "lorenz",
 * "false_rates", "measures"}]}, an item {"row", key and title or caption, "mass", "share", "N_10"}.  Omits rules
 * without probabilities, and fails if there are no others.  On failure the report is zeroed. */
int mass_report(const struct task *task, const struct analysis *analyses, size_t count,
                const struct mass_choice *choice, struct report *report, struct error *error);

#endif
