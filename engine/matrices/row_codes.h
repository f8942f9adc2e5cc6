/* An index of a matrix of embeddings: its rows in 8 bits an element, with bounds that make searching them exact.
 *
 * Row x is kept as scale * code, and `off` is at least the length of the difference.  By Cauchy and Schwarz the product
 * of x and a query q, which is kept in 16 bits, differs from the product of their codes by no more than the length of q
 * times `off` plus the length of x times what q's own code is off.  Reading the codes thus leaves a few rows that can
 * be among the best; only they are read from the matrix. */
#ifndef HUBSCOPE_ENGINE_MATRICES_ROW_CODES_H
#define HUBSCOPE_ENGINE_MATRICES_ROW_CODES_H

#include <stddef.h>
#include <stdint.h>

enum { ROW_CODES_COLS = 1 << 16 }; /* more do not go into an index */

struct row_codes {
    size_t rows, cols;
    uint64_t digest;    /* unit_rows_digest of the matrix */
    double longest;     /* no row of the matrix is longer */
    const int8_t *code; /* (rows, cols) */
    const float *scale; /* (rows) */
    const float *off;   /* (rows) */
    void *map;          /* the file that they are in, or null */
    size_t map_size;
};

/* Fills the codes of one row and returns its length, which is not finite if the row is not. */
double row_codes_encode(const float *x, size_t cols, int8_t *code, float *scale, float *off);

/* What `off` must be at least. */
double row_codes_off(const float *x, size_t cols, const int8_t *code, float scale);

/* low[j] <= s <= high[j] for the product s of a query `vector` (cols) and row j of the matrix, as sims_vector computes
 * it.  Works on all workers.  -1 when out of memory. */
int row_codes_bounds(const struct row_codes *codes, const float *vector, float *low, float *high);

#endif
