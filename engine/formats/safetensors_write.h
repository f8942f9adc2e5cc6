/* Writing the safetensors container. */
#ifndef HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_WRITE_H
#define HUBSCOPE_ENGINE_FORMATS_SAFETENSORS_WRITE_H

#include "engine/base/error.h"
#include "engine/matrices/matrix.h"

struct safetensors_part {
    const char *name; /* letters, digits, '_' and '.' */
    struct matrix matrix;
};

/* Writes the matrices as 2-D tensors F16 or F32, one right behind the other from a 64-byte boundary
 * on, all or nothing.  With F32 before F16 readers may map them all. */
int safetensors_write(const char *path, const struct safetensors_part *parts, size_t count,
                      struct error *error);

/* IEEE 754 binary16 of every value, to the nearest, ties to even; beyond its range infinity. */
void half_from_floats(const float *x, size_t n, unsigned short *out);

#endif
