/* Rectangles of the screen. */
#ifndef HUBSCOPE_UI_DRAW_RECT_H
#define HUBSCOPE_UI_DRAW_RECT_H

struct rect {
    int y, x, rows, columns;
};

/* Parts of a rectangle; sizes are clamped so that no part is negative. */
struct rect rect_top(struct rect r, int rows);
struct rect rect_below(struct rect r, int rows); /* all but the first `rows` */
struct rect rect_left(struct rect r, int columns);
struct rect rect_right_of(struct rect r, int columns);
struct rect rect_inset(struct rect r, int rows, int columns); /* on every side */
int rect_holds(struct rect r, int y, int x);                  /* whether a screen position is in it */

#endif
