/* Embedding rows: refusing those that cannot be searched, scaling them to unit length, hashing them. */
#ifndef HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H
#define HUBSCOPE_ENGINE_MATRICES_UNIT_ROWS_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

enum { UNIT_ROWS_STEP = 256 }; /* rows in a job_step */

/* Steps that unit_rows_check, unit_rows_inspect and unit_rows_make take on the job. */
size_t unit_rows_steps(const struct matrix *matrix);

/* Refuses values that are not finite; the error gives the number of such rows, the first of them and the column in the
 * first.  `path` names the matrix in errors. */
int unit_rows_check(const struct matrix *matrix, const char *path, struct job *job, struct error *error);
/* The same by all processes of a crew (crew.h), each of which reads a share of the rows. */
int unit_rows_check_together(const struct matrix *matrix, const char *path, struct error *error);

/* The same, and refuses rows of zeros too.  Rows whose length is off 1 by more than `tolerance` are scaled to 1: a
 * float32 copy then replaces the matrix.  If there are none, the matrix is left unchanged, to the bit.  Each process of
 * a crew reads a share of the rows. */
int unit_rows_make(struct matrix *matrix, double tolerance, const char *path, struct job *job, struct error *error);

/* The two steps of unit_rows_make: refuses the same and reports how far the length of a row is off 1 at most... */
int unit_rows_inspect(const struct matrix *matrix, double *off, const char *path, struct job *job, struct error *error);
/* Scales a row to length 1, unless it is within `tolerance` of it. */
void unit_rows_scale_row(float *row, size_t cols, double tolerance);
/* ... and scales the rows of a matrix that was inspected. */
int unit_rows_scale(struct matrix *matrix, double tolerance, struct error *error);

/* A 64-bit hash of matrices (no defence against malice); chained through `seed`. */
uint64_t unit_rows_digest(const float *values, size_t rows, size_t cols, uint64_t seed);
/* The same for a matrix that comes in pieces: `add` takes the next `count` values. */
uint64_t unit_rows_digest_begin(size_t rows, size_t cols, uint64_t seed);
uint64_t unit_rows_digest_add(const float *values, size_t count, uint64_t digest);

#endif
