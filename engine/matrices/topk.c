#include "engine/matrices/topk.h"

#include "engine/kernels/kernels.h"

#include <stdbool.h>

static bool worse(float a, uint32_t a_item, float b, uint32_t b_item)
{
    return a < b || (a == b && a_item > b_item);
}

/* Inserts an entry at `at` or below, within the first `count` places. */
static void sift_down(struct topk *top, size_t count, size_t at, float value, uint32_t item)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            break;
        if (child + 1 < count &&
            worse(top->value[child + 1], top->item[child + 1], top->value[child], top->item[child]))
            child++;
        if (!worse(top->value[child], top->item[child], value, item))
            break;
        top->value[at] = top->value[child];
        top->item[at] = top->item[child];
        at = child;
    }
    top->value[at] = value;
    top->item[at] = item;
}

static void sift_up(struct topk *top, size_t at, float value, uint32_t item)
{
    while (at > 0) {
        size_t parent = (at - 1) / 2;
        if (!worse(value, item, top->value[parent], top->item[parent]))
            break;
        top->value[at] = top->value[parent];
        top->item[at] = top->item[parent];
        at = parent;
    }
    top->value[at] = value;
    top->item[at] = item;
}

void topk_push(struct topk *top, float value, uint32_t item)
{
    if (top->count < top->k)
        sift_up(top, top->count++, value, item);
    else if (top->k && worse(top->value[0], top->item[0], value, item))
        sift_down(top, top->count, 0, value, item);
}

void topk_add(struct topk *top, const float *x, size_t n, uint32_t first)
{
    size_t i = 0;

    if (top->k == 0)
        return;
    for (; i < n && top->count < top->k; i++)
        topk_push(top, x[i], first + (uint32_t)i);
    while (i < n) {
        /* A later item with an equal value ranks lower, so testing for strictly greater suffices. */
        i += kernel_scan(x + i, n - i, top->value[0]);
        if (i < n)
            sift_down(top, top->count, 0, x[i], first + (uint32_t)i);
        i++;
    }
}

/* The first places of a heap are a heap too. */
void topk_keep(struct topk *top, size_t k)
{
    size_t all = top->count;

    if (k >= all)
        return;
    top->k = top->count = k;
    for (size_t i = k; i < all; i++)
        topk_push(top, top->value[i], top->item[i]);
}

void topk_sort(struct topk *top)
{
    for (size_t last = top->count; last-- > 1;) {
        float value = top->value[last];
        uint32_t item = top->item[last];
        top->value[last] = top->value[0];
        top->item[last] = top->item[0];
        sift_down(top, last, 0, value, item);
    }
}
