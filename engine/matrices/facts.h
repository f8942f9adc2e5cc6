/* What is worth knowing of a whole matrix before anything is computed from it. */
#ifndef HUBSCOPE_ENGINE_MATRICES_FACTS_H
#define HUBSCOPE_ENGINE_MATRICES_FACTS_H

#include "engine/matrices/matrix.h"
#include <stdbool.h>
#include <stdint.h>

/* The least and the largest value; NAN for an empty matrix.  -1 when memory is out. */
int matrix_range(const struct matrix *matrix, double *least, double *most);

/* How many of the rows with these digests (rows), which are sorted, equal another row. */
size_t facts_repeated(uint64_t *digest, size_t rows);

/* How many rows equal another row, element by element.  -1 when memory is out. */
int matrix_repeated_rows(const struct matrix *matrix, size_t *repeated);

/* shared (rows): which rows equal a row of another matrix, element by element.  -1 when memory is out. */
int matrix_shared_rows(const struct matrix *matrix, const struct matrix *other, bool *shared);

#endif
