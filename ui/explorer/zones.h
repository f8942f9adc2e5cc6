/* Parts of screen rows that trigger an action when clicked. */
#ifndef HUBSCOPE_UI_EXPLORER_ZONES_H
#define HUBSCOPE_UI_EXPLORER_ZONES_H

#include "ui/draw/draw.h"
#include "ui/keys/action.h"

enum { ZONES_MAX = 64 };

struct zones {
    struct {
        int y, from, to; /* screen columns [from, to) */
        enum action action;
    } zone[ZONES_MAX];
    size_t count;
};

/* Makes columns [from, to) of a row clickable; ignored beyond ZONES_MAX zones. */
void zones_add(struct zones *zones, struct rect row, int from, int to, enum action action);
enum action zones_find(const struct zones *zones, int y, int x); /* ACTION_NONE outside all zones */

#endif
