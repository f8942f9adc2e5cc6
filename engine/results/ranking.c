#include "engine/results/ranking.h"
#include <stdlib.h>

static int compare_most(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
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

size_t ranking_choose(struct ranked *ranked, size_t count, const struct choice *choice)
{
    size_t most = choice->shown < count ? choice->shown : count, chosen = 0;
    if (!choice->order) {
        ranking_sort(ranked, count, choice->reverse);
        return most;
    }
    for (size_t i = 0; i < most; i++)
        if (choice->order[i] < count)
            ranked[chosen++].row = choice->order[i];
    return chosen;
}
