/* Items by how many top-k lists they appear in, with the measures of that distribution, for every rule. */
#ifndef HUBSCOPE_ENGINE_RESULTS_HUBS_H
#define HUBSCOPE_ENGINE_RESULTS_HUBS_H

#include "engine/evaluation/analysis.h"
#include "engine/results/ranking.h"
#include "engine/results/report.h"

struct hubs_choice {
    size_t k;           /* of N_k, at most the analyses' top_k */
    struct choice rows; /* items; if it has no order, by N_k */
    bool measures;      /* show only the measures; the tree has both */
};

/* {..., "k", "fair_share", "hub_threshold", "rules": [{..., "hubs", "hub_share", "hubness", "measures", "items"}]}, an
 * item {"row", key and title or caption, "N_1", "N_5", "N_10", "N_k", "hub", "mass", "bias"}.  On failure the report is
 * zeroed. */
int hubs_report(const struct task *task, const struct analysis *analyses, size_t count,
                const struct hubs_choice *choice, struct report *report, struct error *error);

#endif
