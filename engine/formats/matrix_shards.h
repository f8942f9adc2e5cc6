/* Matrices in several files: see shards.h. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_SHARDS_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_SHARDS_H

#include "engine/base/error.h"
#include "engine/formats/matrix_request.h"
#include "engine/matrices/matrix.h"

typedef int matrix_reader(const struct matrix_request *request, struct matrix *matrix, struct error *error);

/* Reads all files with `read`, in the order of their numbers, as one matrix. */
int matrix_shards_read(const struct matrix_request *request, matrix_reader *read, struct matrix *matrix,
                       struct error *error);

#endif
