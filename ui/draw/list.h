/* Selection and scrolling of a list of `count` rows in a pane of `shown` rows. */
#ifndef HUBSCOPE_UI_DRAW_LIST_H
#define HUBSCOPE_UI_DRAW_LIST_H

#include "ui/keys/action.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list {
    size_t count, first, selected;
    size_t shown; /* rows of the pane at the last draw */
    bool pinned;  /* the top is shown although the selection is below; the selection takes the last row, apart */
};

/* Sets length and height; keeps the selection in range and in sight. */
void list_fit(struct list *list, size_t count, size_t shown);
/* The same for a list whose rows are others now: one pinned among the earlier ones no longer is. */
void list_renew(struct list *list, size_t count);
/* Handles ACTION_UP, DOWN, PAGE_UP, PAGE_DOWN, HALF_UP, HALF_DOWN, FIRST and LAST; false for any other. */
bool list_act(struct list *list, enum action action);
void list_select(struct list *list, size_t row);
/* Selects a row that was chosen elsewhere: the list shows its top, with this row last, below a gap, if it would be out
 * of sight.  The next move scrolls as usual. */
void list_pin(struct list *list, size_t row);
#define LIST_GAP (SIZE_MAX - 1)
/* The row of the list that screen row `y` of the pane shows; may be count or more, and LIST_GAP between the top and a
 * pinned row. */
size_t list_row(const struct list *list, size_t y);
/* Selects the row at screen row `y`, if there is one; in the gap, what would be there without it. */
void list_click(struct list *list, size_t y);

#endif
