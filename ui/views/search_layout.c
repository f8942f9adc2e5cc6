#include "ui/views/search.h"

enum {
    HEAD = 2, /* query line and status */
    WIDE_COLUMNS = 116,
    WIDE_ROWS = 26,
    MEDIUM_COLUMNS = 72,
    MEDIUM_ROWS = 15,
    GUTTER = 4,      /* between columns, for the connectors */
    COLUMN_MIN = 30, /* a column that still shows probabilities */
    DETAIL_MIN = 40,
    DETAIL_MAX = 84
};

static int clamp(int value, int least, int most)
{
    if (value > most)
        value = most;
    return value < least ? least : value;
}

static void divide(struct rect lists, struct search_layout *layout)
{
    int gutter = lists.columns < COLUMN_MIN * (int)layout->columns ? GUTTER - 1 : GUTTER;
    int columns = (lists.columns - gutter * (int)(layout->columns - 1)) / (int)layout->columns;
    for (unsigned i = 0; i < layout->columns; i++) {
        struct rect column = lists;
        column.x += (int)i * (columns + gutter);
        column.columns = columns;
        layout->column[layout->first + i] = column;
    }
}

void search_lay_out(struct rect r, unsigned wanted, unsigned focus, bool detail, struct search_layout *layout)
{
    *layout = (struct search_layout){.shape = SHAPE_SMALL, .columns = wanted};
    layout->status = rect_top(rect_below(r, 1), 1);
    struct rect body = rect_below(r, HEAD);

    int beside = clamp(r.columns * 7 / 20, DETAIL_MIN, DETAIL_MAX);
    bool room_beside = (r.columns - beside - GUTTER) / (int)wanted - GUTTER >= COLUMN_MIN;
    if (r.columns >= WIDE_COLUMNS && r.rows >= WIDE_ROWS && room_beside) {
        layout->shape = SHAPE_WIDE;
        layout->detail = rect_right_of(body, r.columns - beside);
        divide(rect_left(body, r.columns - beside - GUTTER), layout);
    } else if (r.columns >= MEDIUM_COLUMNS && r.rows >= MEDIUM_ROWS) {
        layout->shape = SHAPE_MEDIUM;
        int below = detail ? body.rows - 6 : clamp(body.rows / 2, 8, 22);
        layout->detail = rect_below(body, body.rows - below);
        divide(rect_top(body, body.rows - below), layout);
    } else {
        layout->columns = 1;
        layout->first = focus;
        if (detail) {
            layout->columns = 0;
            layout->detail = body;
        } else {
            layout->column[focus] = body;
        }
    }
}

struct search_rows search_rows_of(size_t first, size_t count, int rows, size_t selected_rank, size_t target_rank)
{
    struct search_rows result = {rows > 0 ? rows : 0, -1, -1};
    /* A pinned row takes a row of the list, which may push the other one out of sight: at most two
     * rounds. */
    for (int round = 0; round < 3; round++) {
        size_t last = first + (size_t)result.listed;
        bool selected_in = selected_rank > first && selected_rank <= last && selected_rank <= count;
        bool target_in = target_rank > first && target_rank <= last && target_rank <= count;
        int pins = (selected_rank && !selected_in) + (target_rank && !target_in && target_rank != selected_rank);
        int listed = rows - pins > 0 ? rows - pins : 0;
        int next = listed;
        result.selected = selected_in ? (int)(selected_rank - first - 1) : selected_rank ? next++ : -1;
        result.target = target_in                      ? (int)(target_rank - first - 1)
                        : !target_rank                 ? -1
                        : target_rank == selected_rank ? result.selected
                                                       : next;
        if (listed == result.listed)
            break;
        result.listed = listed;
    }
    return result;
}
