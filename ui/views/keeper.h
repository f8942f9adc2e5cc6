/* What a view keeps for the next time that the collection is opened: how its lists are sorted, and the like.  One
 * function of the view names each value, whether they are written down or read back. */
#ifndef HUBSCOPE_UI_VIEWS_KEEPER_H
#define HUBSCOPE_UI_VIEWS_KEEPER_H

#include "ui/draw/sort.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct keeper {
    const char *view;
    FILE *out;        /* null: one value is read back */
    const char *name; /* its name */
    size_t value;
};

/* Values of `limit` and more are passed over. */
void keep_number(struct keeper *keeper, const char *name, size_t *number, size_t limit);
void keep_flag(struct keeper *keeper, const char *name, bool *flag);
void keep_sort(struct keeper *keeper, const char *name, struct sort *sort, size_t columns);

#endif
