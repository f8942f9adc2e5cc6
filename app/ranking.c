#include "app/ranking.h"
#include "app/options.h"
#include <stdlib.h>

static int compare_most(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

static int compare_least(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->value != y->value ? -compare_most(a, b) : compare_most(a, b);
}

void ranking_sort(struct ranked *ranked, size_t count, bool reverse)
{
    qsort(ranked, count, sizeof *ranked, reverse ? compare_least : compare_most);
}

size_t ranking_shown(size_t top, size_t otherwise, size_t count)
{
    size_t shown = top == TOP_DEFAULT ? otherwise : top == 0 ? count : top;
    return shown < count ? shown : count;
}
