/* The implementations that kernels.c chooses from; null where the compiler cannot target them. */
#ifndef HUBSCOPE_ENGINE_KERNELS_KERNELS_SETS_H
#define HUBSCOPE_ENGINE_KERNELS_KERNELS_SETS_H

#include "engine/kernels/kernel_set.h"

extern const struct kernel_set kernels_plain;
extern const struct kernel_set *const kernels_avx2, *const kernels_avx512, *const kernels_neon;

#endif
