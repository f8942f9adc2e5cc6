#include "ui/draw/rect.h"

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

struct rect rect_top(struct rect r, int rows)
{
    r.rows = clamp(rows, 0, r.rows > 0 ? r.rows : 0);
    return r;
}

struct rect rect_below(struct rect r, int rows)
{
    rows = clamp(rows, 0, r.rows > 0 ? r.rows : 0);
    r.y += rows;
    r.rows -= rows;
    return r;
}

struct rect rect_left(struct rect r, int columns)
{
    r.columns = clamp(columns, 0, r.columns > 0 ? r.columns : 0);
    return r;
}

struct rect rect_right_of(struct rect r, int columns)
{
    columns = clamp(columns, 0, r.columns > 0 ? r.columns : 0);
    r.x += columns;
    r.columns -= columns;
    return r;
}

struct rect rect_inset(struct rect r, int rows, int columns)
{
    rows = clamp(rows, 0, r.rows / 2);
    columns = clamp(columns, 0, r.columns / 2);
    return (struct rect){r.y + rows, r.x + columns, r.rows - 2 * rows, r.columns - 2 * columns};
}

int rect_holds(struct rect r, int y, int x)
{
    return y >= r.y && y < r.y + r.rows && x >= r.x && x < r.x + r.columns;
}
