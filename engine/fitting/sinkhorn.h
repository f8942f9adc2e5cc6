/* Sinkhorn-Knopp on exp(scale B) in the log domain, for a B that need not fit in memory. */
#ifndef HUBSCOPE_ENGINE_FITTING_SINKHORN_H
#define HUBSCOPE_ENGINE_FITTING_SINKHORN_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/sims.h"

/* The matrix to balance: B (N, M), or B (N, M1) with further columns (N, M2) beside it, M = M1 + M2. */
struct sinkhorn_matrix {
    const struct sims *b;
    const struct sims *beside; /* or null */
};

/* With Z = scale B (N, M): repeats `iterations` times log_a = -lse_j(Z + log_b), log_b = -lse_i(Z + log_a), starting
 * from the log_b (M) given; log_a (N) is unchanged when iterations is 0.  *residual is the mean over items of
 * |retrieval-probability mass on the bank under log_b - N/M|.
 * B is computed again, panel by panel, at every step unless it is stored: pass a stored one where memory allows.
 * Potentials and sums are double; results do not depend on the number of workers. */
int sinkhorn(const struct sinkhorn_matrix *matrix, double scale, size_t iterations, double *log_b, double *log_a,
             double *residual, struct job *job, struct error *error);

#endif
