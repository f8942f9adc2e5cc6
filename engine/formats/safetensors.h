/* The safetensors container: a JSON header naming tensors, then their bytes.  Tensors of float32,
 * float16, bfloat16 and float64 become matrices; bfloat16 and float64 are converted to float32. */
#ifndef HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_H
#define HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_H

#include "engine/base/error.h"
#include "engine/formats/array.h"
#include "engine/matrices/matrix.h"

/* An open file, mapped. */
struct safetensors;

struct safetensors *safetensors_load(const char *path, struct error *error);
void safetensors_close(struct safetensors *file); /* null is fine */

size_t safetensors_count(const struct safetensors *file);
const char *safetensors_name(const struct safetensors *file, size_t index); /* in arbitrary order */

/* The type and shape of a tensor, without data; false if it does not exist or its entry is malformed. */
bool safetensors_describe(const struct safetensors *file, const char *name, struct array *array);

/* A tensor of any type and shape; its data are borrowed from the file. */
int safetensors_array(const struct safetensors *file, const char *name, struct array *array, struct error *error);

/* A tensor of one dimension as (1, n), or of two, as a matrix.  Aligned float32 and float16 are borrowed from the file,
 * which must stay open meanwhile; matrix_close releases anything that had to be copied. */
int safetensors_tensor(const struct safetensors *file, const char *name, struct matrix *matrix, struct error *error);

/* Opens just the 2-D tensor `name` of a file; the caller closes it with matrix_close. */
int safetensors_open(const char *path, const char *name, struct matrix *matrix, struct error *error);

#endif
