/* Matrices from any kind of file that hubscope reads (matrix_formats.def), recognised by content, not by name.  A
 * `spec` is FILE, or FILE:NAME for one array of a container; if the whole spec is the name of a file, that file wins
 * over the split.  Without a name a container must hold exactly one array that fits. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_FILE_H

#include "engine/base/error.h"
#include "engine/formats/matrix_request.h"
#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

/* A 2-D array of floats, (rows, cols): mapped where the file allows it, else float32 in memory. The
 * caller closes it with matrix_close; on failure it is zeroed. */
int matrix_file_open(const char *spec, struct matrix *matrix, struct error *error);

/* The same, where a container of vectors, (D) or (1, D), is a matrix too: a list in its order, a dict or a file with a
 * dataset for each key in the order of the wanted keys, which match with or without the ending of a file's name.  The
 * spec may also be a folder of numbered files or a pattern with '*' for their numbers: their rows follow each other. 
 * Or FILE?SELECT key, vector FROM TABLE, for an SQLite file: see matrix_selection.h. */
int matrix_file_read(const struct matrix_request *request, struct matrix *matrix, struct error *error);

/* Whether the file that the spec names exists. */
bool matrix_file_exists(const char *spec);

/* A vector of integers, (count) or (count, 1); the caller frees *values. */
int matrix_file_integers(const char *spec, int64_t **values, size_t *count, struct error *error);

/* Integers of one or two dimensions, (rows, cols) in C order; cols is 1 for a vector.  The caller frees *values. */
int matrix_file_integer_rows(const char *spec, int64_t **values, size_t *rows, size_t *cols, struct error *error);

/* A mask of 0 and 1 of any type, of one dimension or, row by row, of two; the caller frees *values. */
int matrix_file_mask(const char *spec, bool **values, size_t *count, struct error *error);

/* ".npy, .npz, .safetensors, HDF5 or pickle". */
enum { MATRIX_FILE_KINDS = 160 };
const char *matrix_file_kinds(char buffer[MATRIX_FILE_KINDS]);

#endif
