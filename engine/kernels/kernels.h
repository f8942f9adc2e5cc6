/* Vector kernels over float arrays: the inner loops of fitting, analysis and search.  The instruction set is chosen
 * here and nowhere else: once, by what the processor supports, or by HUBSCOPE_ISA=generic|avx2|avx512|neon. */
#ifndef HUBSCOPE_ENGINE_KERNELS_KERNELS_H
#define HUBSCOPE_ENGINE_KERNELS_KERNELS_H

#include "engine/kernels/kernel_set.h"

enum kernel_isa { KERNEL_GENERIC, KERNEL_AVX2, KERNEL_AVX512, KERNEL_NEON, KERNEL_ISAS };

const struct kernel_set *kernel_set(void); /* the set in use */

/* Uses another set, for comparisons; null restores the choice.  Only while no work is in progress. */
void kernel_use(const struct kernel_set *set);

/* Returns a particular set, or null if this build or this processor does not support it. */
const struct kernel_set *kernel_set_of(enum kernel_isa isa);

float kernel_max(const float *x, size_t n);
void kernel_add(const float *a, const float *b, float *out, size_t n);

/* As in kernel_set, without a shift. */
double kernel_exp(const float *x, size_t n, float scale, float max, float *out);
void kernel_count(const float *x, size_t n, float threshold, size_t *greater, size_t *equal);
size_t kernel_scan(const float *x, size_t n, float threshold);

/* log sum_i exp(scale * x[i]) for scale > 0; -INFINITY for n = 0. */
double kernel_lse(const float *x, size_t n, float scale);

#endif
