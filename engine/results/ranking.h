/* Rows of tables in the order of a value, and the choice of rows that a table shows. */
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
    const uint32_t *order; /* (shown) rows, best first; null: in the order of the table's value */
    size_t shown;          /* rows at most */
    bool reverse;          /* least first, where there is no `order` */
};

/* Sorts by value, largest (or least, when `reverse`) first; ties to the smaller row. */
void ranking_sort(struct ranked *ranked, size_t count, bool reverse);

/* The chosen rows of `count` ones made with their values, moved to the front; returns how many they are.  Rows of an
 * order that are not there are left out. */
size_t ranking_choose(struct ranked *ranked, size_t count, const struct choice *choice);

#endif
