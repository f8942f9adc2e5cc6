/* By which of its columns a list is sorted, in which direction, and where their heads are, for clicks.  Each list has
 * one table of its columns. */
#ifndef HUBSCOPE_UI_DRAW_SORT_H
#define HUBSCOPE_UI_DRAW_SORT_H

#include "ui/draw/draw.h"
#include "ui/keys/action.h"
#include "ui/terminal/event.h"
#include <stdbool.h>

enum { SORT_COLUMNS = 8 };

struct sort_column {
    /* Ascending.  Rows begin with their number, a uint32_t, by which ties are broken. */
    int (*compare)(const void *a, const void *b, const void *context);
    bool falls; /* the largest first, unless reversed */
};

struct sort {
    size_t column;
    bool reverse;
    struct rect head[SORT_COLUMNS]; /* as drawn last; 0 rows: has none */
};

/* Handles ACTION_ORDER, ORDER_BACK and REVERSE: true if the rows must be sorted again. */
bool sort_act(struct sort *sort, size_t columns, enum action action);
/* Chooses the column whose head was clicked, or reverses it if it is chosen already; false if none was. */
bool sort_click(struct sort *sort, size_t columns, const struct mouse *mouse);

bool sort_falls(const struct sort *sort, const struct sort_column *columns);
void sort_rows(const struct sort *sort, const struct sort_column *columns, void *rows, size_t count, size_t size,
               const void *context);

/* Compares two numbers. */
static inline int sort_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* Call before drawing heads. */
void sort_no_heads(struct sort *sort);
/* Draws the head of a column at `x`, or ending before `end` in at most `most` columns; the chosen one's has a mark
 * before it. */
void sort_head(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int x,
               int style, const char *name);
void sort_head_right(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int end,
                     int most, int style, const char *name);
/* The head of a column that is an arrow in every row: the arrow, or the mark. */
void sort_head_arrow(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int x);

#endif
