/* Rows of the hub and mass tables: gallery items in the order of a value. */
#ifndef HUBSCOPE_APP_RANKING_H
#define HUBSCOPE_APP_RANKING_H

#include <stdbool.h>
#include <stddef.h>

struct ranked {
    double value;
    size_t row;
};

/* Sorts by value, largest (or least, when `reverse`) first; ties to the smaller row. */
void ranking_sort(struct ranked *ranked, size_t count, bool reverse);

/* Rows to show of `count`: --top, or `otherwise` where it was not given. */
size_t ranking_shown(size_t top, size_t otherwise, size_t count);

#endif
