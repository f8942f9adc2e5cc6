#include "engine/kernels/kernels.h"
#include "engine/kernels/kernels_sets.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#if defined __x86_64__ || defined __i386__
#include <cpuid.h>

/* Asked by hand, as clang 14's __builtin_cpu_supports does not know "f16c". */
static bool supports_f16c(void)
{
    unsigned a, b, c, d;

    return __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}
#endif

static bool supported(enum kernel_isa isa)
{
#if defined __x86_64__ || defined __i386__
    __builtin_cpu_init();
    if (isa == KERNEL_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && supports_f16c();
    if (isa == KERNEL_AVX512)
        return __builtin_cpu_supports("avx512f");
#endif
#if defined __aarch64__
    if (isa == KERNEL_NEON)
        return true;
#endif
    return isa == KERNEL_GENERIC;
}

const struct kernel_set *kernel_set_of(enum kernel_isa isa)
{
    const struct kernel_set *const sets[KERNEL_ISAS] = {&kernels_plain, kernels_avx2, kernels_avx512, kernels_neon};

    return isa < KERNEL_ISAS && supported(isa) ? sets[isa] : NULL;
}

/* An unknown name, or a set that this processor cannot run, is ignored. */
static const struct kernel_set *choose(void)
{
    const char *name = getenv("HUBSCOPE_ISA");
    const struct kernel_set *best = NULL;

    for (int isa = KERNEL_ISAS; isa-- > 0;) {
        const struct kernel_set *set = kernel_set_of((enum kernel_isa)isa);
        if (set && name && strcmp(name, set->name) == 0)
            return set;
        if (set && !best)
            best = set;
    }
    return best;
}

static const struct kernel_set *_Atomic chosen;

const struct kernel_set *kernel_set(void)
{
    const struct kernel_set *set = atomic_load_explicit(&chosen, memory_order_relaxed);

    if (!set) {
        set = choose();
        atomic_store_explicit(&chosen, set, memory_order_relaxed);
    }
    return set;
}

void kernel_use(const struct kernel_set *set)
{
    atomic_store(&chosen, set);
}

float kernel_max(const float *x, size_t n)
{
    return kernel_set()->max(x, n);
}

void kernel_add(const float *a, const float *b, float *out, size_t n)
{
    kernel_set()->add(a, b, out, n);
}

double kernel_exp(const float *x, size_t n, float scale, float max, float *out)
{
    return kernel_set()->exp(x, NULL, n, scale, max, out);
}

void kernel_count(const float *x, size_t n, float threshold, size_t *greater, size_t *equal)
{
    kernel_set()->count(x, NULL, n, threshold, greater, equal, NULL);
}

size_t kernel_scan(const float *x, size_t n, float threshold)
{
    return kernel_set()->scan(x, NULL, n, threshold);
}

double kernel_lse(const float *x, size_t n, float scale)
{
    float most = kernel_max(x, n);

    if (most == -INFINITY)
        return -INFINITY;
    return (double)scale * most + log(kernel_exp(x, n, scale, most, NULL));
}
