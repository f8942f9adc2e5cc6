/* Switches denormal floats off for a while, where what is that small does not count: processors may take a hundred times
 * longer over them.  For the calling thread only; nothing happens on processors other than x86. */
#ifndef HUBSCOPE_ENGINE_KERNELS_DENORMAL_H
#define HUBSCOPE_ENGINE_KERNELS_DENORMAL_H

#ifdef __SSE__
#include <xmmintrin.h>

/* Results and operands that are denormal are 0 from here on.  Returns what to restore. */
static inline unsigned denormal_off(void)
{
    unsigned kept = _mm_getcsr();

    _mm_setcsr(kept | 0x8040); /* flush to zero, denormals are zero */
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

static inline void denormal_restore(unsigned kept)
{
    (void)kept;
}

#endif

#endif
