#include "ui/draw/list.h"

enum { GAP_FROM = 4 }; /* panes of fewer rows have no room for a gap */

static void show_selected(struct list *list)
{
    if (list->pinned) {
        list->first = 0;
        list->pinned = list->shown < 2 || list->selected >= list->shown;
        return;
    }
    if (list->selected < list->first)
        list->first = list->selected;
    if (list->shown && list->selected >= list->first + list->shown)
        list->first = list->selected - list->shown + 1;
    if (list->first && list->first + list->shown > list->count) /* no empty rows below while some are hidden above */
        list->first = list->count > list->shown ? list->count - list->shown : 0;
}

void list_fit(struct list *list, size_t count, size_t shown)
{
    list->count = count;
    list->shown = shown;
    if (list->selected >= count)
        list->selected = count ? count - 1 : 0;
    show_selected(list);
}

void list_renew(struct list *list, size_t count)
{
    if (list->pinned)
        list->selected = 0;
    list->pinned = false;
    list_fit(list, count, list->shown);
}

void list_select(struct list *list, size_t row)
{
    list->selected = row < list->count ? row : list->count ? list->count - 1 : 0;
    list->pinned = false;
    show_selected(list);
}

void list_pin(struct list *list, size_t row)
{
    list->selected = row < list->count ? row : list->count ? list->count - 1 : 0;
    list->pinned = true;
    show_selected(list);
}

size_t list_row(const struct list *list, size_t y)
{
    if (list->pinned && y + 2 == list->shown && list->shown >= GAP_FROM)
        return LIST_GAP;
    return list->pinned && y + 1 == list->shown ? list->selected : list->first + y;
}

void list_click(struct list *list, size_t y)
{
    size_t row = list_row(list, y);

    row = row == LIST_GAP ? list->first + y : row;
    if (row < list->count)
        list_select(list, row);
}

bool list_act(struct list *list, enum action action)
{
    size_t page = list->shown > 1 ? list->shown - 1 : 1, half = list->shown > 3 ? list->shown / 2 : 1;
    size_t row = list->selected, last = list->count ? list->count - 1 : 0;

    if (list->pinned && list->shown > 1 &&
        (action == ACTION_UP || action == ACTION_PAGE_UP || action == ACTION_HALF_UP))
        row = list->shown - (list->shown >= GAP_FROM ? 2 : 1); /* the row above it on the screen belongs to the top */

    switch (action) {
    case ACTION_UP:
        row -= row > 0;
        break;
    case ACTION_DOWN:
        row++;
        break;
    case ACTION_PAGE_UP:
        row -= row < page ? row : page;
        break;
    case ACTION_PAGE_DOWN:
        row += page;
        break;
    case ACTION_HALF_UP:
        row -= row < half ? row : half;
        break;
    case ACTION_HALF_DOWN:
        row += half;
        break;
    case ACTION_FIRST:
        row = 0;
        break;
    case ACTION_LAST:
        row = last;
        break;
    default:
        return false;
    }
    list_select(list, row);
    return true;
}
