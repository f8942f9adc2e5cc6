#include "ui/explorer/zones.h"

void zones_add(struct zones *zones, struct rect row, int from, int to, enum action action)
{
    if (zones->count == ZONES_MAX || to <= from)
        return;
    zones->zone[zones->count].y = row.y;
    zones->zone[zones->count].from = row.x + from;
    zones->zone[zones->count].to = row.x + to;
    zones->zone[zones->count++].action = action;
}

enum action zones_find(const struct zones *zones, int y, int x)
{
    for (size_t i = 0; i < zones->count; i++)
        if (zones->zone[i].y == y && x >= zones->zone[i].from && x < zones->zone[i].to)
            return zones->zone[i].action;
    return ACTION_NONE;
}
