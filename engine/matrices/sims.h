/* Similarities of R rows (queries or bank queries) to M gallery items, computed in blocks and never stored as a whole.
 * Two sources: embeddings (L2-normalised rows; a block is one sgemm) or a stored matrix.  Matrices are borrowed. */
#ifndef HUBSCOPE_ENGINE_MATRICES_SIMS_H
#define HUBSCOPE_ENGINE_MATRICES_SIMS_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

struct row_codes;

struct sims {
    size_t rows, cols;             /* R, M */
    const struct matrix *left;     /* (>= R, d) embeddings of the rows, or null for a stored source */
    const struct matrix *right;    /* (M, d) embeddings of the gallery */
    const struct matrix *stored;   /* (R', M') similarities, or null */
    bool transposed;               /* the stored matrix holds (M, R) */
    const uint32_t *row_map;       /* (R) row of `left` or `stored` for each row; null: identity */
    const struct row_codes *codes; /* an index of `right`, or null */
};

size_t sims_scratch(const struct sims *sims, size_t rows, size_t cols); /* floats of scratch for blocks of that size */

/* Embeddings of rows [row, row + rows) as float32: in place if possible, else in `buffer` (rows, d).  Embedding sources
 * only. */
const float *sims_rows(const struct sims *sims, size_t row, size_t rows, float *buffer);

/* Computes block [row, row + rows) x [col, col + cols) into out (rows, cols), rows `stride` floats apart. */
void sims_block(const struct sims *sims, size_t row, size_t rows, size_t col, size_t cols, float *out, size_t stride,
                float *scratch);

/* Similarities of a vector (d) that is not one of the rows to the whole gallery, into out (M), on all workers.
 * Embedding sources only.  A crew that splits the gallery computes them together.  -1 if the job is cancelled or
 * another process has failed. */
int sims_vector(const struct sims *sims, const float *vector, float *out, struct job *job, struct error *error);

/* The same for some gallery items, into out (count): the numbers that sims_vector computes. */
void sims_some(const struct sims *sims, const float *vector, const uint32_t *items, size_t count, float *out);

/* Column `col` for every row, into out (R): each bank query's similarity to one gallery item. */
void sims_column(const struct sims *sims, size_t col, float *out);

/* A number that no similarity exceeds in size, from the lengths of the rows, of which each process of a crew reads a
 * share.  Embedding sources only. */
double sims_most(const struct sims *sims);

/* One similarity in double precision: that of `row`, or of `vector` (d) if that is not null. */
double sims_exact(const struct sims *sims, const float *vector, size_t row, size_t col);

#endif
