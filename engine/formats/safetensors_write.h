/* Writing the safetensors container. */
#ifndef HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_WRITE_H
#define HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_WRITE_H

#include "engine/base/error.h"
#include "engine/matrices/matrix.h"

struct safetensors_part {
    const char *name; /* letters, digits, '_' and '.' */
    struct matrix matrix;
};

/* Writes the matrices as 2-D tensors F16 or F32, contiguously from a 64-byte boundary on, all or nothing.  If F32 come
 * before F16, readers can map them all. */
int safetensors_write(const char *path, const struct safetensors_part *parts, size_t count, struct error *error);

/* IEEE 754 binary16 of every value, rounded to nearest, ties to even; infinity beyond its range. */
void half_from_floats(const float *x, size_t n, unsigned short *out);

#endif
