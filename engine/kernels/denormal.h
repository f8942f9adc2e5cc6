/* Turns denormal floats off temporarily, where values that small do not matter: processors may take a hundred times
 * longer over them.  Affects the calling thread only; does nothing on processors other than x86. */
#ifndef HUBSCOPE_ENGINE_KERNELS_DENORMAL_H
#define HUBSCOPE_ENGINE_KERNELS_DENORMAL_H

#ifdef __SSE__
#include <xmmintrin.h>

/* From here on denormal results and operands are 0.  Returns the state to restore. */
static inline unsigned denormal_off(void)
{
    unsigned kept = _mm_getcsr();

    _mm_setcsr(kept | 0x8040); /* flush to zero, denormals are zero */
    return kept;
}

/* Undoes that for a while.  Returns the state to restore. */
static inline unsigned denormal_on(void)
{
    unsigned kept = _mm_getcsr();

    _mm_setcsr(kept & ~0x8040u);
    return kept;
}

static inline void denormal_restore(unsigned kept)
{
    _mm_setcsr(kept);
}

#else

static inline unsigned denormal_off(void)
{
    return 0;
}

static inline unsigned denormal_on(void)
{
    return 0;
}

static inline void denormal_restore(unsigned kept)
{
    (void)kept;
}

#endif

#endif
