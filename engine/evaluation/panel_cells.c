#include "engine/evaluation/panel_cells.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/fitting/fit.h"
#include "engine/matrices/gemm.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 8 * GEMM_GROUP /* multiplied before searches may go first: some milliseconds */ };

bool panel_cells_want(struct panel_cells *cells, const struct fit *fit, const struct task *task)
{
    if (!fit->spec.rule->count)
        return true;
    struct panel_count *grown = memory_grow(cells->counter, cells->counters + 1, sizeof *grown);
    if (!grown)
        return false;
    cells->counter = grown;
    cells->counter[cells->counters++] = (struct panel_count){.fit = fit, .task = task};
    return true;
}

static bool open_counters(struct panel_cells *cells)
{
    size_t size = cells->cut.rows * task_gallery(cells->task);

    for (size_t c = 0; c < cells->counters; c++)
        if (!(cells->counter[c].count = memory_array(size, sizeof *cells->counter[c].count)))
            return false;
    return true;
}

/* What one of the rules counts. */
static void count_runs(void *context, size_t counter, const struct sims_counts *each, size_t several, struct span items)
{
    const struct panel_cells *cells = context;
    const struct fit *fit = cells->counter[counter].fit;
    const struct asker asker = {.task = cells->counter[counter].task};

    fit->spec.rule->count(fit, &asker, each, several, items);
}

/* Counts that nobody keeps read bank and gallery: then each process counts in its own block, for all. */
static bool open_split(struct panel_cells *cells, struct job *job)
{
    const struct sims_cut cut = panel_cut_products(&cells->cut);
    bool kept = true;

    if (!sims_split_open(&cells->split, &cells->task->s, cut, cells->cut.rows, job))
        return false;
    for (size_t c = 0; c < cells->counters; c++)
        kept = kept && cells->counter[c].fit->spec.rule->counted(cells->counter[c].fit);
    if (kept)
        return true;
    if (!(cells->counted = memory_array(cells->counters, sizeof *cells->counted)))
        return false;
    for (size_t c = 0; c < cells->counters; c++)
        cells->counted[c] = cells->counter[c].count;
    return sims_split_count(&cells->split, cells->counters, count_runs, cells);
}

bool panel_cells_open(struct panel_cells *cells, const struct task *task, struct job *job)
{
    size_t m = task_gallery(task), workers = pool_workers();
    bool converted = sims_scratch(&task->s, 1, 0) > 0;

    cells->task = task;
    cells->rows = task->s;
    cells->job = job;
    cells->share = panel_cut_share(task_queries(task));
    cells->cut = panel_cut_of(task, cells->counters, fit_memory() / 2);
    cells->cell = memory_floats(cells->cut.rows * m);
    cells->left = memory_floats(converted ? sims_scratch(&task->s, cells->cut.rows, 0) : 0);
    cells->scratch = memory_array(workers, sizeof *cells->scratch);
    if (!cells->cell || !cells->left || !cells->scratch || !open_counters(cells))
        return false;
    cells->together = sims_split_wanted(&task->s);
    if (cells->together && !open_split(cells, job))
        return false;
    for (size_t w = 0; w < workers; w++)
        if (!(cells->scratch[w] = memory_floats(ROWS * panel_cut_widest() + panel_cut_scratch(task, 0))))
            return false;
    return true;
}

void panel_cells_close(struct panel_cells *cells)
{
    for (size_t c = 0; c < cells->counters; c++)
        free(cells->counter[c].count);
    for (size_t w = 0; cells->scratch && w < pool_workers(); w++)
        free(cells->scratch[w]);
    sims_split_close(&cells->split);
    free(cells->counted);
    free(cells->counter);
    free(cells->scratch);
    free(cells->left);
    free(cells->cell);
    *cells = (struct panel_cells){0};
}

size_t panel_cells_panels(const struct panel_cells *cells)
{
    size_t groups = tiles_ceil(task_queries(cells->task), GEMM_GROUP);
    size_t rows = cells->together ? crew_start(groups, 1) * GEMM_GROUP : cells->share.count;

    return tiles_ceil(rows, cells->cut.rows);
}

size_t panel_cells_steps(const struct panel_cells *cells)
{
    return panel_cells_panels(cells) * cells->cut.products;
}

static void count_product(void *context, size_t product, size_t worker)
{
    struct panel_cells *cells = context;
    struct span col = panel_cut_columns(&cells->cut, cells->task, product);

    (void)worker;
    for (size_t c = 0; c < cells->counters && !job_cancelled(cells->job); c++) {
        const struct sims_counts all = {cells->queries, cells->cell + col.start, cells->counter[c].count + col.start,
                                        task_gallery(cells->task)};
        count_runs(cells, c, &all, 1, col);
    }
}

/* Copies similarities that are stored into the panel. */
static void copy_product(struct panel_cells *cells, struct span col)
{
    size_t m = task_gallery(cells->task);

    for (size_t row = 0; row < cells->queries.count; row += ROWS) {
        struct span rows = tiles_span(row / ROWS, ROWS, cells->queries.count);
        pool_give_way();
        sims_block(&cells->rows, cells->queries.start + row, rows.count, col.start, col.count,
                   cells->cell + row * m + col.start, m, NULL);
    }
}

/* Multiplies some rows at a time, in memory that stays in the L2 cache, and copies the product to the panel.  sgemm
 * walks its result several times, and would write it slower there, as the panel's rows are far apart. */
static void multiply_product(struct panel_cells *cells, struct span col, float *scratch)
{
    float *made = scratch, *room = scratch + ROWS * panel_cut_widest(), *out = cells->cell + col.start;
    const struct matrix *gallery = cells->rows.right;
    struct matrix right = matrix_view(matrix_rows(gallery, col.start, col.count, room), col.count, gallery->cols);
    struct sims sims = cells->rows;

    sims.right = &right; /* converted once for all rows */
    for (size_t row = 0; row < cells->queries.count; row += ROWS) {
        struct span rows = tiles_span(row / ROWS, ROWS, cells->queries.count);
        pool_give_way();
        sims_block(&sims, row, rows.count, 0, col.count, made, col.count, NULL);
        for (size_t i = 0; i < rows.count; i++, out += task_gallery(cells->task))
            memcpy(out, made + i * col.count, col.count * sizeof *out);
    }
}

static void compute_product(void *context, size_t product, size_t worker)
{
    struct panel_cells *cells = context;
    struct span col = panel_cut_columns(&cells->cut, cells->task, product);

    if (job_cancelled(cells->job))
        return;
    if (cells->rows.stored)
        copy_product(cells, col);
    else
        multiply_product(cells, col, cells->scratch[worker]);
    count_product(cells, product, worker);
    job_step(cells->job);
}

void panel_cells_compute(struct panel_cells *cells, size_t panel)
{
    struct sims *rows = &cells->rows;

    cells->queries = tiles_span(panel, cells->cut.rows, cells->share.count);
    cells->queries.start += cells->share.start;
    if (cells->together) {
        if (sims_split_rows(&cells->split, cells->queries, cells->cell, task_gallery(cells->task), cells->counted,
                            NULL))
            return;
        if (cells->counters && !cells->counted && cells->queries.count)
            pool_run(cells->cut.products, count_product, cells);
        return;
    }
    if (!rows->stored) { /* the rows are converted once, not for each product */
        const float *left = sims_rows(&cells->task->s, cells->queries.start, cells->queries.count, cells->left);
        cells->converted = matrix_view(left, cells->queries.count, rows->right->cols);
        rows->left = &cells->converted;
        rows->row_map = NULL;
    }
    pool_run(cells->cut.products, compute_product, cells);
}
