/* NumPy .npy files, versions 1.0 to 3.0: arrays of floats and integers of either byte order and C
 * or Fortran order.  Headers are hostile input: every size is checked against the file's before it
 * is used. */
#ifndef HUBSCOPE_ENGINE_FORMATS_NPY_H
#define HUBSCOPE_ENGINE_FORMATS_NPY_H

#include "engine/base/error.h"
#include "engine/formats/array.h"
#include <stdio.h>

/* Opens a matrix: mapped read-only if the file is little-endian float16 or float32 in C order, else read and converted
 * to float32 in memory.  The caller closes it with matrix_close; on failure it is zeroed. */
int npy_open(const char *path, struct matrix *matrix, struct error *error);

/* Reads a vector of any integer type or of bool, (count) or (count, 1); the caller frees *values.
 */
int npy_read_integers(const char *path, int64_t **values, size_t *count, struct error *error);

/* Maps an array of any shape; the caller passes it on or closes it with array_close. */
int npy_array(const char *path, struct array *array, struct error *error);

/* Reads the header of a file of `total` bytes, given its first `size` bytes, and checks its shape against `total`.
 * Fills the array except for its data, which begin at *data_start. */
int npy_header(const char *path, const unsigned char *bytes, size_t size, size_t total, struct array *array,
               size_t *data_start, struct error *error);

/* Kind, width and byte order from numpy's name for an element type, such as "<f4" or "|b1". */
int npy_descr(const char *type, const char *path, struct array *array, struct error *error);

enum npy_type { NPY_F16, NPY_F32, NPY_F64, NPY_U32, NPY_BOOL }; /* elements: binary16, float, double, uint32_t, bool */

/* Writes (rows, cols), or a vector (rows) if cols is 0, in C order.  All or nothing: a temporary file beside `path` is
 * renamed over it when complete. */
int npy_write(const char *path, enum npy_type type, const void *data, size_t rows, size_t cols, struct error *error);
/* Begins such a file on an open stream, for the data to follow piece by piece; errors name `path`. */
int npy_begin(FILE *out, const char *path, enum npy_type type, size_t rows, size_t cols, struct error *error);
/* Writes all of it to an open stream, which is flushed. */
int npy_put(FILE *out, const char *path, enum npy_type type, const void *data, size_t rows, size_t cols,
            struct error *error);

#endif
