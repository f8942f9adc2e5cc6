/* Matrices in several files: a folder of numbered files (img_emb_0.npy, img_emb_1.npy, ...), or a pattern with '*' for
 * their numbers. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_SHARDS_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_SHARDS_H

#include "engine/base/error.h"
#include "engine/formats/matrix_request.h"
#include "engine/matrices/matrix.h"

/* Whether it is a folder, or a pattern that is not the name of a file. */
bool matrix_shards_named(const char *spec);

typedef int matrix_reader(const struct matrix_request *request, struct matrix *matrix, struct error *error);

/* Reads all files with `read`, in the order of their numbers, as one matrix.  Refuses files that differ in more than a
 * number, and numbers that are missing. */
int matrix_shards_read(const struct matrix_request *request, matrix_reader *read, struct matrix *matrix,
                       struct error *error);

#endif
