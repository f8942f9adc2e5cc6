/* Sinkhorn-Knopp on exp(scale B) in the log domain, for a B that need not fit in memory. */
#ifndef HUBSCOPE_ENGINE_FITTING_SINKHORN_H
#define HUBSCOPE_ENGINE_FITTING_SINKHORN_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/sims.h"

/* With Z = scale B (N, M): repeats `iterations` times log_a = -lse_j(Z + log_b), log_b = -lse_i(Z + log_a), starting
 * from the log_b (M) given; log_a (N) is left as it was when iterations is 0.  *residual is the mean over items of
 * |retrieval-probability mass on the bank under log_b - N/M|.
 * B is made again panel by panel at every step unless it is stored: hand over a stored one where memory allows.  Potentials
 * and sums are double; results do not depend on the number of workers. */
int sinkhorn(const struct sims *b, double scale, size_t iterations, double *log_b, double *log_a, double *residual,
             struct job *job, struct error *error);

#endif
