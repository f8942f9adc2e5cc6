/* A read-only matrix, row-major, in memory or mapped from a file.  Ownership: the struct owns `data` when a reader
 * (npy_open) filled it, and matrix_close releases it; a view made by matrix_view or matrix_spread borrows. */
#ifndef HUBSCOPE_ENGINE_MATRICES_MATRIX_H
#define HUBSCOPE_ENGINE_MATRICES_MATRIX_H

#include <stddef.h>

enum matrix_type {
    MATRIX_F32,
    MATRIX_F16,
    MATRIX_SPREAD /* float32 elsewhere than side by side: read, like float16, through a buffer */
};

struct matrix {
    const void *data; /* (rows, cols), rows contiguous and `cols` apart unless spread */
    size_t rows, cols;
    enum matrix_type type;
    ptrdiff_t row_stride, col_stride; /* of MATRIX_SPREAD: floats from a row or column to the next */
    void *map;                        /* start of the mapping, or null */
    size_t map_size;
    void *owned;          /* heap block behind data, or null */
    unsigned char finite; /* matrix_finite has found no NaN and no infinity */
};

struct matrix matrix_view(const float *data, size_t rows, size_t cols);
/* The same with rows and columns that lie `row_stride` and `col_stride` floats apart, forwards or backwards. */
struct matrix matrix_spread(const float *data, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride);
/* Takes the pages of rows [row, row + count) of a mapped matrix out of memory, until they are read again. */
void matrix_forget(const struct matrix *matrix, size_t row, size_t count);
/* Begins to read a row of a mapped matrix that is needed soon. */
void matrix_expect(const struct matrix *matrix, size_t row);
void matrix_close(struct matrix *matrix); /* releases and zeroes; a zeroed matrix is fine */

/* Rows [row, row + count) as float32: a pointer into the matrix if it is float32 already, else `buffer` (count x cols
 * floats) with the converted values. */
const float *matrix_rows(const struct matrix *matrix, size_t row, size_t count, float *buffer);

/* The same for elements [start, start + count) of a row, so that a row of any length can be read in pieces. */
const float *matrix_part(const struct matrix *matrix, size_t row, size_t start, size_t count, float *buffer);

/* The same elements, copied to `out` whatever the type. */
void matrix_copy(const struct matrix *matrix, size_t row, size_t start, size_t count, float *out);

#endif
