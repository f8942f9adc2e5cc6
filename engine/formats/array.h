/* An array as a file holds it: elements of any float or integer type, either byte order and either storage order, about
 * to become a matrix.  Every reader of matrix files produces one. */
#ifndef HUBSCOPE_ENGINE_FORMATS_ARRAY_H
#define HUBSCOPE_ENGINE_FORMATS_ARRAY_H

#include "engine/base/error.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

enum { ARRAY_DIMENSIONS = 32 };

enum array_kind {
    ARRAY_FLOAT,    /* IEEE 754, 2, 4 or 8 bytes wide */
    ARRAY_BFLOAT,   /* the upper half of a float32, 2 bytes wide */
    ARRAY_SIGNED,   /* 1, 2, 4 or 8 bytes wide */
    ARRAY_UNSIGNED, /* the same; bool is 1 byte wide */
    ARRAY_OTHER     /* anything a matrix cannot hold: complex numbers, texts, ... */
};

struct array {
    enum array_kind kind;
    size_t width; /* bytes of an element */
    bool swapped; /* big-endian elements */
    bool fortran; /* the first index varies fastest */
    size_t dimensions, shape[ARRAY_DIMENSIONS];
    const unsigned char *data; /* all elements, at any alignment; null if only the header was read */
    void *map;                 /* mapping that holds data, or null */
    size_t map_size;
    void *owned; /* heap block that holds data, or null; if both are null, data is borrowed */
};

void array_close(struct array *array); /* releases and zeroes */

/* Stores the bytes of all elements.  Refuses empty arrays and sizes that no file can have; `label` names the array in
 * errors, here and below. */
int array_bytes(const struct array *array, const char *label, size_t *bytes, struct error *error);

void array_shape_text(const struct array *array, char *text, size_t size); /* "(2, 3)" */

/* Whether it could be a matrix, a vector of row numbers, or a mask, judging by type and shape alone. */
bool array_is_matrix(const struct array *array);
bool array_is_vector(const struct array *array);
bool array_is_integer_rows(const struct array *array);
bool array_is_mask(const struct array *array);

/* (N, T, D) floats: T vectors, such as those of frames, for each of N rows. */
bool array_is_frames(const struct array *array);

enum array_pool { POOL_NONE, POOL_MEAN, POOL_MAX };

/* Stores one vector of (D) for `rows` rows: elements of (rows, T, D) are pooled over T.  Also for a single row of (T,
 * D) or (D); rows is then 1. */
void array_pool(const struct array *array, size_t rows, enum array_pool pool, float *out);

/* Turns an array of frames into a matrix of pooled rows; takes over and fails as array_to_matrix does. */
int array_frames_to_matrix(struct array *array, enum array_pool pool, struct matrix *matrix, struct error *error);

/* Turns a 2-D array of floats, or one of (N, 1, D), into a matrix: in place if it is float16 or float32 in C order,
 * else converted to float32.  The matrix takes over what the array owns, and the array is zeroed, also on failure. */
int array_to_matrix(struct array *array, const char *label, struct matrix *matrix, struct error *error);

/* The values of integers (rows, cols) in C order, or of a vector (cols is then 1); the caller frees *values. */
int array_to_integer_rows(const struct array *array, const char *label, int64_t **values, size_t *rows, size_t *cols,
                          struct error *error);

/* The values of a vector of integers, (count) or (count, 1); the caller frees *values. */
int array_to_integers(const struct array *array, const char *label, int64_t **values, size_t *count,
                      struct error *error);

/* The values of a mask of any type and of one or two dimensions, row by row: only 0 and 1.  The caller frees
 * *values. */
int array_to_mask(const struct array *array, const char *label, bool **values, size_t *count, struct error *error);

#endif
