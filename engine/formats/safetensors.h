/* The safetensors container: a JSON header naming tensors, then their bytes. */
#ifndef HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_H
#define HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_H

#include "engine/error.h"
#include "engine/matrix.h"

/* Maps the 2-D float16 or float32 tensor `name` of the file; the caller closes it with
 * matrix_close. */
int safetensors_open(const char *path, const char *name, struct matrix *matrix,
                     struct error *error);

#endif
