/* Sinkhorn-Knopp on exp(scale B) in the log domain, for a B that need not fit in memory. */
#ifndef HUBSCOPE_ENGINE_FITTING_SINKHORN_H
#define HUBSCOPE_ENGINE_FITTING_SINKHORN_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/fitting/bank_codes.h"

/* The matrix to balance: B (N, M), or B (N, M1) with more columns (N, M2) beside it, M = M1 + M2. */
struct sinkhorn_matrix {
    const struct sims *b;
    const struct sims *beside;      /* or null */
    const struct bank_codes *codes; /* rows of B that need not be computed, or null; not with columns beside */
    size_t keep;                    /* bytes in which what is computed of B may be kept */
};

/* With Z = scale B (N, M): repeats `iterations` times log_a = -lse_j(Z + log_b), log_b = -lse_i(Z + log_a), starting
 * from the given log_b (M); with 0 iterations log_a (N) is unchanged.  Sets *residual to the mean over items of
 * |retrieval-probability mass on the bank under log_b - N/M|; null saves a step.
 * Unless B is stored or fits in `keep`, every step computes again what has no codes, panel by panel.
 * Potentials and sums are double; results do not depend on the number of workers. */
int sinkhorn(const struct sinkhorn_matrix *matrix, double scale, size_t iterations, double *log_b, double *log_a,
             double *residual, struct job *job, struct error *error);

#endif
