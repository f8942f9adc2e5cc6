#include "engine/evaluation/panel.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/panel_mass.h"
#include "engine/evaluation/panel_memory.h"
#include "engine/evaluation/panel_order.h"
#include "engine/fitting/rule.h"
#include "engine/matrices/tiles.h"

#include <stdatomic.h>
#include <stdlib.h>

struct pass {
    struct panel_plan plan;
    struct panel_cells cells;
    struct panel *panel; /* (workers) opened when first needed */
    struct job *job;
    atomic_bool failed;
};

static int analyse_strip(struct panel *panel, size_t start, size_t rows)
{
    size_t tiles = tiles_ceil(panel_gallery(panel), PANEL_TILE);

    for (size_t i = 0; i < rows; i++) {
        pool_give_way();
        if (panel_order_begin(panel, start + i, i))
            return -1;
    }
    for (size_t tile = 0; tile < tiles; tile++) {
        pool_give_way();
        panel_order_count(panel, start, rows, tile);
        panel_mass_sum(panel, start, rows, tile);
    }
    for (size_t i = 0; i < rows; i++) {
        panel_order_end(panel, start + i, i);
        panel_mass_share(panel, start + i, i);
    }
    for (size_t tile = 0; tile < tiles; tile++)
        panel_mass_spread(panel, start, rows, tile);
    panel_mass_keep(panel);
    return 0;
}

static void strip_chunk(void *context, size_t index, size_t worker)
{
    struct pass *pass = context;
    struct panel *panel = &pass->panel[worker];
    struct span strip = tiles_span(index, PANEL_STRIP, pass->cells.queries.count);

    if (atomic_load(&pass->failed) || job_cancelled(pass->job))
        return;
    if ((!panel->plan && !panel_open(panel, &pass->plan, &pass->cells)) ||
        analyse_strip(panel, strip.start, strip.count))
        atomic_store(&pass->failed, true);
    job_step(pass->job);
}

static bool open_cells(struct pass *pass)
{
    const struct panel_plan *plan = &pass->plan;

    for (size_t r = 0; r < plan->rules; r++)
        if (!panel_cells_want(&pass->cells, plan->result[r].fit, plan->task))
            return false;
    return panel_cells_open(&pass->cells, plan->task, pass->job);
}

static void run(struct pass *pass)
{
    job_expect(pass->job, panel_cells_steps(&pass->cells) + tiles_ceil(pass->cells.share.count, PANEL_STRIP));
    for (size_t p = 0; p < panel_cells_panels(&pass->cells) && !pass->failed && !job_cancelled(pass->job); p++) {
        panel_cells_compute(&pass->cells, p);
        pool_run(tiles_ceil(pass->cells.queries.count, PANEL_STRIP), strip_chunk, pass);
    }
    for (size_t w = 0; w < pool_workers(); w++)
        if (pass->panel[w].plan && !pass->failed)
            panel_mass_merge(&pass->panel[w]);
}

int panels_run(const struct task *task, const struct panel_result *result, size_t count, struct job *job)
{
    struct pass pass = {.plan = {.task = task, .result = result, .rules = count}, .job = job};

    pass.panel = memory_array(pool_workers(), sizeof *pass.panel);
    pass.failed = !pass.panel || panel_plan_open(&pass.plan) || !open_cells(&pass);
    if (!pass.failed)
        run(&pass);
    for (size_t w = 0; pass.panel && w < pool_workers(); w++)
        panel_close(&pass.panel[w]);
    free(pass.panel);
    panel_cells_close(&pass.cells);
    panel_plan_close(&pass.plan);
    return pass.failed ? -1 : 0;
}
