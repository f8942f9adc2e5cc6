/* Embedding rows: refusing what cannot be searched, making them unit length, telling them apart. */
#ifndef HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H
#define HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

enum { UNIT_ROWS_STEP = 256 }; /* rows a job_step */

/* Steps that unit_rows_check, unit_rows_inspect and unit_rows_make take on the job. */
size_t unit_rows_steps(const struct matrix *matrix);

/* Refuses values that are not finite, with the count, the first rows they stand in and the first's column. `path` names
 * the matrix in errors. */
int unit_rows_check(const struct matrix *matrix, const char *path, struct job *job, struct error *error);

/* The same, refusing rows of nothing but zeros too.  Rows whose length is off 1 by more than
 * `tolerance` are scaled to 1: the matrix is then replaced by a float32 copy. Where no row is, it
 * stays as it is, to the bit. */
int unit_rows_make(struct matrix *matrix, double tolerance, const char *path, struct job *job,
                   struct error *error);

/* The two steps of unit_rows_make: refuses the same and reports whether every row is of length 1... */
int unit_rows_inspect(const struct matrix *matrix, double tolerance, bool *unit, const char *path,
                      struct job *job, struct error *error);
/* ... and scales the rows of a matrix that was inspected. */
int unit_rows_scale(struct matrix *matrix, double tolerance, struct error *error);

/* 64 bits that tell matrices apart (no defence against malice); chained through `seed`. */
uint64_t unit_rows_digest(const float *values, size_t rows, size_t cols, uint64_t seed);

#endif
