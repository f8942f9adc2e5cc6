#include "engine/evaluation/panel_list.h"

#include "engine/evaluation/panel_result.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <string.h>

/* A value that at least k of the groups' maxima reach: the k-th largest, after halving the groups by merging as long as
 * at least 4 k are left.  -INFINITY with fewer than k groups: anything may be in the list. */
static float list_bound(const float *groups, size_t count, size_t k)
{
    enum { FOLDED = 1024 };
    float folded[FOLDED], value[PANEL_TOP_MOST];
    uint32_t item[PANEL_TOP_MOST];
    struct topk top = topk_make(value, item, k);

    if (count / 2 <= FOLDED && count >= 8 * k) {
        count /= 2; /* the number of groups is a multiple of KERNEL_LANES */
        memcpy(folded, groups, count * sizeof *folded);
        kernel_set()->raise(groups + count, count, folded);
        for (; count >= 8 * k && count % 2 == 0; count /= 2)
            kernel_set()->raise(folded + count / 2, count / 2, folded);
        groups = folded;
    }
    topk_add(&top, groups, count, 0);
    return top.count < k ? -INFINITY : value[0]; /* the worst comes first */
}

/* Only blocks with a group that reaches the bound can hold any of the best. */
void panel_list_best(const float *s, const float *shift, size_t m, const float *groups, size_t k, uint32_t *item)
{
    uint32_t found[KERNEL_BLOCK + KERNEL_LANES];
    float value[PANEL_TOP_MOST];
    struct topk top = topk_make(value, item, k);
    size_t count = kernel_groups(m);
    float below = nextafterf(list_bound(groups, count, k), -INFINITY);

    for (size_t g = 0; (g += kernel_scan(groups + g, count - g, below)) < count;) {
        size_t block = g / KERNEL_LANES, first = block * KERNEL_BLOCK;
        size_t length = m - first < KERNEL_BLOCK ? m - first : KERNEL_BLOCK;
        const float *from = shift ? shift + first : NULL;
        size_t over = kernel_set()->find(s + first, from, length, below, found);
        for (size_t f = 0; f < over; f++)
            topk_push(&top, from ? s[first + found[f]] + from[found[f]] : s[first + found[f]],
                      (uint32_t)first + found[f]);
        g = (block + 1) * KERNEL_LANES;
    }
    topk_sort(&top);
}
