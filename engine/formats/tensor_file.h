/* A file of named tensors, in either format that models come in: safetensors, or PyTorch's dict of tensors. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TENSOR_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_TENSOR_FILE_H

#include "engine/base/error.h"
#include "engine/formats/array.h"
#include "engine/matrices/matrix.h"

struct tensor_file; /* open and mapped */

struct tensor_file *tensor_file_open(const char *path, struct error *error); /* null on failure */
void tensor_file_close(struct tensor_file *file);                            /* null is fine */

/* Names in dicts of dicts are joined by '/'. */
size_t tensor_file_count(const struct tensor_file *file);
const char *tensor_file_name(const struct tensor_file *file, size_t index); /* in arbitrary order */

/* The type and shape of a tensor, without data; false if it does not exist. */
bool tensor_file_describe(const struct tensor_file *file, const char *name, struct array *array);

/* A tensor of one dimension as (1, n), or of two, as a matrix.  Aligned float32 and float16 are borrowed from the file,
 * which must stay open meanwhile; matrix_close releases anything that had to be copied. */
int tensor_file_matrix(struct tensor_file *file, const char *name, struct matrix *matrix, struct error *error);

#endif
