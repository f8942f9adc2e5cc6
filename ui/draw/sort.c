#include "ui/draw/sort.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool sort_act(struct sort *sort, size_t columns, enum action action)
{
    if (action == ACTION_REVERSE) {
        sort->reverse = !sort->reverse;
        return true;
    }
    if (action != ACTION_ORDER && action != ACTION_ORDER_BACK)
        return false;
    sort->column = (sort->column + (action == ACTION_ORDER ? 1 : columns - 1)) % columns;
    sort->reverse = false;
    return true;
}

bool sort_click(struct sort *sort, size_t columns, const struct mouse *mouse)
{
    if (mouse->wheel)
        return false;
    for (size_t c = 0; c < columns; c++) {
        if (!rect_holds(sort->head[c], mouse->y, mouse->x))
            continue;
        sort->reverse = c == sort->column && !sort->reverse;
        sort->column = c;
        return true;
    }
    return false;
}

bool sort_falls(const struct sort *sort, const struct sort_column *columns)
{
    return columns[sort->column].falls != sort->reverse;
}

struct order {
    const struct sort_column *column;
    const void *context;
    bool falls;
};

static int compare(const void *a, const void *b, void *opaque)
{
    const struct order *order = opaque;
    int result = order->column->compare(a, b, order->context);
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    if (result == 0)
        return (left > right) - (left < right);
    return order->falls ? -result : result;
}

void sort_rows(const struct sort *sort, const struct sort_column *columns, void *rows, size_t count, size_t size,
               const void *context)
{
    struct order order = {&columns[sort->column], context, sort_falls(sort, columns)};

    if (count)
        qsort_r(rows, count, size, compare, &order);
}

void sort_no_heads(struct sort *sort)
{
    memset(sort->head, 0, sizeof sort->head);
}

static void draw_mark(const struct sort *sort, const struct sort_column *columns, struct rect r, int y, int x)
{
    draw_text(r, y, x, STYLE_STRONG, glyph(sort_falls(sort, columns) ? GLYPH_DOWN : GLYPH_UP));
}

static void keep_head(struct sort *sort, size_t column, struct rect r, int y, int from, int end)
{
    if (end > r.columns)
        end = r.columns;
    if (y < r.rows && from < end)
        sort->head[column] = (struct rect){r.y + y, r.x + from, 1, end - from};
}

void sort_head(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int x,
               int style, const char *name)
{
    bool chosen = column == sort->column;

    if (chosen)
        draw_mark(sort, columns, r, y, x - 1);
    int end = draw_text(r, y, x, chosen && style == STYLE_DIM ? STYLE_STRONG : style, name);
    keep_head(sort, column, r, y, x - 1, end);
}

void sort_head_right(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int end,
                     int most, int style, const char *name)
{
    int width = text_columns(name) < most ? text_columns(name) : most;

    sort_head(sort, columns, column, rect_left(r, end), y, end - width, style, name);
}

void sort_head_arrow(struct sort *sort, const struct sort_column *columns, size_t column, struct rect r, int y, int x)
{
    if (column == sort->column)
        draw_mark(sort, columns, r, y, x);
    else
        draw_text(r, y, x, STYLE_DIM, glyph(GLYPH_ARROW));
    keep_head(sort, column, r, y, x, x + 1);
}
