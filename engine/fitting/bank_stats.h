/* One pass over a bank's similarities B (N, M) that computes every statistic that any rule's fit needs.
 *
 * Rules request what they need in a bank_plan; bank_measure walks B once, tile by tile, and fills a bank_stats.  B
 * holds the similarities to the gallery of the query bank, the second bank or the evaluation queries. */
#ifndef HUBSCOPE_ENGINE_FITTING_BANK_STATS_H
#define HUBSCOPE_ENGINE_FITTING_BANK_STATS_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/fitting/bank_codes.h"
#include <stdbool.h>

enum { BANK_BETAS = 64, BANK_KS = 16 };

struct bank_plan {
    double beta[BANK_BETAS]; /* column log-sum-exp wanted at these inverse temperatures */
    size_t betas;
    size_t active_k[BANK_KS]; /* activation sets wanted: union of the top-k items of every bank query */
    size_t active_ks;
    size_t column_k; /* the column_k largest similarities of every item wanted; 0: none */
    bool moments;    /* mean and standard deviation of every item's similarities */
    size_t keep;     /* keep B if it takes at most this many bytes and is not stored anyway, else as many rows as fit in
                        16 bits a similarity; 0: never */
};

/* Requests a statistic; duplicates merge.  -1 when the plan is full. */
int bank_want_lse(struct bank_plan *plan, double beta);
int bank_want_active(struct bank_plan *plan, size_t k);
void bank_want_column_top(struct bank_plan *plan, size_t k);
void bank_want_moments(struct bank_plan *plan);
void bank_want_kept(struct bank_plan *plan); /* the caller that fits the rules sets the limit */

struct bank_stats {
    struct bank_plan plan;
    size_t n, m;              /* bank rows, gallery items */
    double *lse[BANK_BETAS];  /* (M) log sum_i exp(beta B[i][j]) */
    uint8_t *active[BANK_KS]; /* (M) 1 where item j is in the activation set */
    size_t column_k;          /* min(plan.column_k, N) */
    float *column_top;        /* (M, column_k) largest bank similarities of an item, descending */
    double *mean, *deviation; /* (M) population moments of an item's bank similarities; null if not planned */
    float *kept;              /* (N, M) B, or null */
    struct bank_codes codes;  /* if B is not kept but was to be: those rows that fit, in 16 bits */
};

/* Whether a plan requests nothing that takes a pass. */
bool bank_plan_empty(const struct bank_plan *plan);

/* Ties in top-k go to the smaller gallery index.  The result does not depend on the number of workers. */
int bank_measure(const struct sims *b, const struct bank_plan *plan, struct bank_stats *stats, struct job *job,
                 struct error *error);
void bank_stats_close(struct bank_stats *stats);

const double *bank_lse(const struct bank_stats *stats, double beta);  /* null if not planned */
const uint8_t *bank_active(const struct bank_stats *stats, size_t k); /* null if not planned */

#endif
