/* Whether a matrix holds NaN or infinite values.  Ranks, gates and top lists of such rows are undefined, so each matrix
 * is looked through once, before the first fit or analysis from it; a single search looks at its similarities.  In a
 * crew each process looks through its share. */
#ifndef HUBSCOPE_ENGINE_MATRICES_FINITE_H
#define HUBSCOPE_ENGINE_MATRICES_FINITE_H

#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>

bool floats_finite(const float *value, size_t count);

/* Reads the matrix, or this process's share, once, on all workers, and remembers in it that all values are finite;
 * later calls return at once.  Several threads may ask at the same time.  Cancelling the job stops the reading; the
 * result is then true and not remembered. */
bool matrix_finite(const struct matrix *matrix, struct job *job);

#endif
