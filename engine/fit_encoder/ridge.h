/* Ridge regression from caption features to vectors, by conjugate gradients on the sparse design.  With rows x_i of the
 * features of caption i and its vector y_i it finds the W that minimises sum_i |x_i W - (y_i - m)|^2 + ridge |W|^2 over
 * the captions learnt from, m being their mean vector.  Conjugate gradients rather than a factorisation: there are tens
 * of thousands of features, a few dozen of them in a caption, and every column of W is a separate problem that shares
 * each pass over the design.  Preconditioned with the diagonal.  W is computed RIDGE_COLUMNS columns at a time, which
 * bounds memory: some ten floats a column for each feature, word and caption.  A product goes from words to captions
 * and back caption by caption, KERNEL_PART columns at a time, so that its rows stay in cache.  Results do not depend
 * on the number of workers. */
#ifndef HUBSCOPE_ENGINE_RIDGE_H
#define HUBSCOPE_ENGINE_RIDGE_H

#include "engine/base/job.h"
#include "engine/fit_encoder/caption_features.h"
#include "engine/kernels/kernel_set.h"
#include "engine/matrices/matrix.h"

enum { RIDGE_COLUMNS = KERNEL_ROW };

/* A tighter tolerance does not improve held-out captions. */
#define RIDGE_TOLERANCE 1e-2

struct ridge_part { /* rows of one matrix; in order, the parts hold the vectors of all captions */
    const struct matrix *matrix;
    size_t first; /* caption of its row 0 */
};

struct ridge {
    const struct features *features;
    const struct feature_weights *weights; /* for the same `learn` */
    const bool *learn;                     /* (captions) */
    const struct ridge_part *parts;
    size_t part_count, dimension;
    size_t columns;   /* number of columns of W wanted, at most `dimension` */
    double ridge;     /* above 0 */
    double tolerance; /* stop at this ratio of residual to right-hand side, in every column */
};

struct ridge_slice { /* columns [first, first + columns) of the solution */
    size_t first, columns;
    const float *feature; /* (features, RIDGE_COLUMNS) W */
    const float *type;    /* (types, RIDGE_COLUMNS) v(w) of each word: the sum of its features */
    const float *mean;    /* (RIDGE_COLUMNS) m */
};

typedef void ridge_take(void *context, const struct ridge_slice *slice);

/* Passes every slice, in order, to `take`.  Steps the job once a slice: ridge_steps in all. */
int ridge_solve(const struct ridge *ridge, ridge_take *take, void *context, struct job *job, struct error *error);
size_t ridge_steps(size_t columns);

#endif
