#include "engine/evaluation/panel_memory.h"

#include "engine/base/memory.h"
#include "engine/matrices/tiles.h"

#include <stdlib.h>

static bool open_gathered(struct panel_gathered *gathered, size_t count)
{
    gathered->rule = memory_array(2 * count, sizeof *gathered->rule);
    gathered->weight = memory_array(count, sizeof *gathered->weight);
    gathered->dot = memory_array(count, sizeof *gathered->dot);
    gathered->part = memory_array(2 * count, sizeof *gathered->part);
    gathered->factor = memory_array(2 * PANEL_FEW * count, sizeof *gathered->factor);
    return gathered->rule && gathered->weight && gathered->dot && gathered->part && gathered->factor;
}

bool panel_open(struct panel *panel, const struct panel_plan *plan, const struct panel_cells *cells)
{
    size_t m = task_gallery(plan->task), count = plan->rules;

    panel->plan = plan;
    panel->cells = cells;
    panel->score = memory_floats(m);
    panel->weighed = memory_floats(m);
    panel->groups = memory_floats(PANEL_STRIP * count * kernel_groups(m));
    panel->plain = memory_floats(kernel_groups(m));
    panel->own = memory_floats(kernel_groups(m));
    panel->part = memory_array(2 * count * PANEL_PART, sizeof *panel->part);
    panel->part_used = memory_array(2 * count, sizeof *panel->part_used);
    panel->kept =
        memory_floats(plan->scales && panel_keeps(panel) ? tiles_ceil(m, PANEL_TILE) * PANEL_STRIP * PANEL_TILE : 0);
    panel->tile = memory_floats(plan->scales * PANEL_FEW * PANEL_TILE);
    panel->mass = memory_array(count * m, sizeof *panel->mass);
    panel->whole = memory_array(count * m, sizeof *panel->whole);
    panel->whole_used = memory_array(count, sizeof *panel->whole_used);
    panel->row = memory_array(PANEL_STRIP * count, sizeof *panel->row);
    if (plan->precision && precision_open(&panel->precision, plan->task))
        return false;
    return open_gathered(&panel->gathered, count) && panel->score && panel->weighed && panel->groups && panel->plain &&
           panel->own && panel->part && panel->part_used && panel->kept && panel->tile && panel->mass && panel->whole &&
           panel->whole_used && panel->row;
}

void panel_close(struct panel *panel)
{
    void *owned[] = {panel->score,         panel->weighed,        panel->groups,          panel->plain,
                     panel->own,           panel->part,           panel->part_used,       panel->tile,
                     panel->kept,          panel->mass,           panel->whole,           panel->whole_used,
                     panel->row,           panel->gathered.rule,  panel->gathered.weight, panel->gathered.dot,
                     panel->gathered.part, panel->gathered.factor};

    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    precision_close(&panel->precision);
    *panel = (struct panel){0};
}
