/* Fuzzing uses the plain kernels: readers are under test, and clang 14 cannot query all the processor features that
 * engine/kernels/kernels.c needs for its choice. */
#include "engine/kernels/kernels.h"
#include "engine/kernels/kernels_sets.h"

const struct kernel_set *kernel_set(void)
{
    return &kernels_plain;
}

float kernel_max(const float *x, size_t n)
{
    return kernels_plain.max(x, n);
}

void kernel_add(const float *a, const float *b, float *out, size_t n)
{
    kernels_plain.add(a, b, out, n);
}

double kernel_exp(const float *x, size_t n, float scale, float max, float *out)
{
    return kernels_plain.exp(x, NULL, n, scale, max, out);
}
