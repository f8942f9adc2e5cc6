/* Embedding rows: refusing what cannot be searched, making them unit length, telling them apart. */
#ifndef HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H
#define HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

enum { ROWS_BLOCK = 256 }; /* rows a job_step */

/* Steps that rows_check, rows_inspect and rows_unit take on the job. */
size_t rows_steps(const struct matrix *matrix);

/* Refuses values that are not finite, with the count, the first rows they stand in and the first's column. `path` names
 * the matrix in errors. */
int rows_check(const struct matrix *matrix, const char *path, struct job *job, struct error *error);

/* The same, refusing rows of nothing but zeros too.  Rows whose length is off 1 by more than
 * `tolerance` are scaled to 1: the matrix is then replaced by a float32 copy. Where no row is, it
 * stays as it is, to the bit. */
int rows_unit(struct matrix *matrix, double tolerance, const char *path, struct job *job,
              struct error *error);

/* Both steps of rows_unit apart: refuses the same, telling whether every row is of length 1... */
int rows_inspect(const struct matrix *matrix, double tolerance, bool *unit, const char *path,
                 struct job *job, struct error *error);
/* ... and scales the rows of a matrix that was inspected. */
int rows_scale(struct matrix *matrix, double tolerance, struct error *error);

/* 64 bits that tell matrices apart (no defence against malice); chained through `seed`. */
uint64_t rows_digest(const float *values, size_t rows, size_t cols, uint64_t seed);

#endif
