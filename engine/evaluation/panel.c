#include "engine/evaluation/panel.h"

#include "engine/base/memory.h"
#include "engine/evaluation/panel_mass.h"
#include "engine/evaluation/panel_memory.h"
#include "engine/evaluation/panel_order.h"
#include "engine/fitting/rule.h"
#include "engine/matrices/tiles.h"

#include <pthread.h>
#include <stdlib.h>

struct panels {
    struct panel_plan plan;
    struct panel *panel; /* (workers) opened when first needed */
    size_t workers;
    pthread_mutex_t lock; /* guards the results' mass */
};

static int analyse_strip(struct panel *panel, size_t start, size_t rows)
{
    size_t tiles = tiles_ceil(panel_gallery(panel), PANEL_TILE);

    for (size_t i = 0; i < rows; i++)
        if (panel_order_begin(panel, start + i, i))
            return -1;
    for (size_t tile = 0; tile < tiles; tile++) {
        panel_order_count(panel, start, rows, tile);
        panel_mass_sum(panel, start, rows, tile);
    }
    for (size_t i = 0; i < rows; i++) {
        panel_order_end(panel, start + i, i);
        panel_mass_share(panel, start + i, i);
    }
    for (size_t tile = 0; tile < tiles; tile++)
        panel_mass_spread(panel, start, rows, tile);
    return 0;
}

/* Computes the similarities of the panel's rows, and the counts that rules make of all rows at once. */
static void fill(struct panel *panel, size_t rows)
{
    const struct panel_plan *plan = panel->plan;

    panel_cut_multiply(&plan->cut, plan->task, panel->first, rows, panel->cell, panel->scratch);
    for (size_t r = 0, counted = 0; r < plan->rules; r++) {
        const struct fit *fit = plan->result[r].fit;
        if (fit->spec.rule->count)
            fit->spec.rule->count(fit, plan->task, panel->first, rows, panel->cell,
                                  panel->counts + counted++ * plan->cut.rows * panel_gallery(panel));
    }
}

int panels_analyse(struct panels *panels, size_t index, size_t worker)
{
    struct panel *panel = &panels->panel[worker];
    struct span queries = tiles_span(index, panels->plan.cut.rows, task_queries(panels->plan.task));

    if (!panel->plan && !panel_open(panel, &panels->plan)) {
        panel_close(panel);
        return -1;
    }
    panel->first = queries.start;
    fill(panel, queries.count);
    for (size_t start = 0; start < queries.count; start += PANEL_STRIP) {
        struct span strip = tiles_span(start / PANEL_STRIP, PANEL_STRIP, queries.count);
        if (analyse_strip(panel, strip.start, strip.count))
            return -1;
    }
    pthread_mutex_lock(&panels->lock);
    panel_mass_merge(panel);
    pthread_mutex_unlock(&panels->lock);
    return 0;
}

struct panels *panels_open(const struct task *task, const struct panel_result *result, size_t count, size_t workers)
{
    struct panels *panels = memory_array(1, sizeof *panels);

    if (!panels)
        return NULL;
    panels->plan = (struct panel_plan){.task = task, .result = result, .rules = count};
    panels->workers = workers;
    pthread_mutex_init(&panels->lock, NULL);
    panels->panel = memory_array(workers, sizeof *panels->panel);
    if (panels->panel && !panel_plan_open(&panels->plan))
        return panels;
    panels_close(panels);
    return NULL;
}

void panels_close(struct panels *panels)
{
    if (!panels)
        return;
    for (size_t w = 0; panels->panel && w < panels->workers; w++)
        panel_close(&panels->panel[w]);
    free(panels->panel);
    panel_plan_close(&panels->plan);
    pthread_mutex_destroy(&panels->lock);
    free(panels);
}

size_t panels_count(const struct panels *panels)
{
    return panel_cut_count(&panels->plan.cut, panels->plan.task);
}
