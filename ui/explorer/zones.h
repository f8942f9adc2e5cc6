/* Stretches of screen rows that a click turns into an action. */
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

/* Columns [from, to) of a row; beyond ZONES_MAX they are no longer clickable. */
void zones_add(struct zones *zones, struct rect row, int from, int to, enum action action);
enum action zones_find(const struct zones *zones, int y, int x); /* ACTION_NONE outside */

#endif
