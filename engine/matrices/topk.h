/* The k largest of a stream of values, exactly; ties go to the smaller item.  The caller owns the arrays.  Nearly every
 * value of a long stream is rejected by one comparison with the least value kept, a vector at a time. */
#ifndef HUBSCOPE_ENGINE_MATRICES_TOPK_H
#define HUBSCOPE_ENGINE_MATRICES_TOPK_H

#include <stddef.h>
#include <stdint.h>

struct topk {
    size_t k, count;
    float *value;   /* (k) a heap, the least first, until topk_sort */
    uint32_t *item; /* (k) */
};

static inline struct topk topk_make(float *value, uint32_t *item, size_t k)
{
    return (struct topk){.k = k, .value = value, .item = item};
}

void topk_push(struct topk *top, float value, uint32_t item); /* one value; in any order */

/* Adds items first, first + 1, ... with values x[0..n); all of them larger than every item added before. */
void topk_add(struct topk *top, const float *x, size_t n, uint32_t first);

/* Keeps the k best of what is kept, unless those are fewer. */
void topk_keep(struct topk *top, size_t k);

/* Sorts what is kept, best first: `count` entries, min(k, values seen).  Start again with topk_make. */
void topk_sort(struct topk *top);

#endif
