/* Rows of tables sorted by a value, and the choice of rows that a table shows. */
#ifndef HUBSCOPE_ENGINE_RESULTS_RANKING_H
#define HUBSCOPE_ENGINE_RESULTS_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranked {
    double value;
    size_t row;
};

#define CHOICE_ALL SIZE_MAX

/* Which rows of a table, and in which order. */
struct choice {
    const uint32_t *order; /* (shown) rows, best first; null: sorted by the table's value */
    size_t shown;          /* at most this many rows */
    bool reverse;          /* least first, without `order` */
};

/* Sorts by value, largest (or least, when `reverse`) first; ties to the smaller row. */
void ranking_sort(struct ranked *ranked, size_t count, bool reverse);

/* Moves the chosen of `count` rows to the front and returns their number.  With an order only `row` is set, and rows
 * that do not exist are skipped. */
size_t ranking_choose(struct ranked *ranked, size_t count, const struct choice *choice);

#endif
