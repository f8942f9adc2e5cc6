/* Selection and scrolling of a list of `count` rows in a pane of `shown` rows. */
#ifndef HUBSCOPE_UI_LIST_H
#define HUBSCOPE_UI_LIST_H

#include "ui/action.h"
#include <stdbool.h>
#include <stddef.h>

struct list {
    size_t count, first, selected;
    size_t shown; /* rows of the pane at the last draw */
};

/* New length and height; keeps the selection in range and in sight. */
void list_fit(struct list *list, size_t count, size_t shown);
/* ACTION_UP, DOWN, PAGE_UP, PAGE_DOWN, HALF_UP, HALF_DOWN, FIRST, LAST; true if it was one of them. */
bool list_act(struct list *list, enum action action);
void list_select(struct list *list, size_t row);

#endif
