#include "engine/fitting/bank_stats.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/fitting/row_lists.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/reservoir.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOCKS = 64,
    LIST_PLACES = 8 << 20,  /* places of row lists kept at once: 64 MB */
    COLUMN_PLACES = 4 << 20 /* places of column lists kept at once: 32 MB */
};

int bank_want_lse(struct bank_plan *plan, double beta)
{
    for (size_t i = 0; i < plan->betas; i++)
        if (plan->beta[i] == beta)
            return 0;
    if (plan->betas == BANK_BETAS)
        return -1;
    plan->beta[plan->betas++] = beta;
    return 0;
}

int bank_want_active(struct bank_plan *plan, size_t k)
{
    for (size_t i = 0; i < plan->active_ks; i++)
        if (plan->active_k[i] == k)
            return 0;
    if (plan->active_ks == BANK_KS)
        return -1;
    plan->active_k[plan->active_ks++] = k;
    return 0;
}

void bank_want_column_top(struct bank_plan *plan, size_t k)
{
    if (k > plan->column_k)
        plan->column_k = k;
}

void bank_want_moments(struct bank_plan *plan)
{
    plan->moments = true;
}

bool bank_plan_empty(const struct bank_plan *plan)
{
    return !plan->betas && !plan->active_ks && !plan->column_k && !plan->moments;
}

void bank_want_kept(struct bank_plan *plan)
{
    plan->keep = SIZE_MAX;
}

/* Sums of differences from the first similarity seen, so that the squares are small. */
struct moments {
    float *from;          /* (slots, TILE_COLS) the first similarity of an item in the segment */
    double *sum, *square; /* (slots, TILE_COLS) */
    double *rows;         /* (segments) how many rows were summed */
};

/* What the workers of one pass share. */
struct pass {
    const struct sims *sims;
    const struct bank_plan *plan;
    struct tiles tiles; /* of the panel, which is rows [panel, panel + tiles.rows) of the bank */
    size_t panel;
    size_t segments; /* the largest number of segments of a panel */
    size_t slots;    /* for sums: one for each segment of each tile of columns, tile by tile */
    size_t unit;     /* slots that one process must have together */
    struct span own; /* this process's slots */
    float *max;      /* (slots, TILE_COLS) largest similarity so far */
    double *sum;     /* (betas, slots, TILE_COLS) sum of exp(beta (B - max)) */
    struct moments moments;
    struct row_lists rows;
    struct span stripe;       /* gallery items processed together */
    struct reservoir columns; /* a list for each item of the stripe; columns.lists is 0: not wanted */
    pthread_mutex_t column_lock[LOCKS];
    float *kept; /* (N, M) or null */
    struct bank_codes codes;
    float *scratch; /* (workers, scratch_size) */
    size_t scratch_size;
    struct job *job;
};

/* A tile of B in memory. */
struct tile {
    const float *cell;
    size_t stride, slot;
    struct span row, col; /* rows of the panel */
};

/* Adds the tile to the column lists: each gallery item's best bank rows. */
static void add_columns(struct pass *pass, const struct tile *tile)
{
    pthread_mutex_t *lock = &pass->column_lock[tile->col.start / TILE_COLS % LOCKS];
    struct reservoir *lists = &pass->columns;
    size_t first = tile->col.start - pass->stripe.start;
    uint32_t reach[TILE_COLS + KERNEL_LANES];

    pthread_mutex_lock(lock);
    for (size_t i = 0; i < tile->row.count; i++) {
        const float *x = tile->cell + i * tile->stride;
        uint32_t item = (uint32_t)(pass->panel + tile->row.start + i);
        size_t count = kernel_set()->reach(x, lists->least + first, tile->col.count, reach);
        for (size_t c = 0; c < count; c++)
            reservoir_add(lists, first + reach[c], x[reach[c]], item);
    }
    pthread_mutex_unlock(lock);
}

/* Adds a tile to the columns' sums.  The column's maximum is subtracted before scaling: that difference is exact in
 * floats, at any beta. */
static void add_sums(const struct pass *pass, const struct tile *tile)
{
    const struct kernel_set *kernel = kernel_set();
    size_t width = tile->col.count;
    float *max = pass->max + tile->slot * TILE_COLS;
    float most[TILE_COLS], part[TILE_COLS];

    memcpy(most, max, width * sizeof *most);
    for (size_t i = 0; i < tile->row.count; i++)
        kernel->raise(tile->cell + i * tile->stride, width, most);
    for (size_t b = 0; b < pass->plan->betas; b++) {
        double *sum = pass->sum + (b * pass->slots + tile->slot) * TILE_COLS;
        double beta = pass->plan->beta[b];
        memset(part, 0, width * sizeof *part);
        for (size_t i = 0; i < tile->row.count; i++)
            kernel->exp_columns(tile->cell + i * tile->stride, width, (float)beta, most, part);
        for (size_t j = 0; j < width; j++) {
            if (most[j] > max[j])
                sum[j] *= exp(beta * ((double)max[j] - (double)most[j]));
            sum[j] += (double)part[j];
        }
    }
    memcpy(max, most, width * sizeof *max);
}

static void add_moments(struct pass *pass, const struct tile *tile)
{
    enum { SETTLE = 64 }; /* rows summed in floats before adding to the doubles */
    const struct kernel_set *kernel = kernel_set();
    size_t at = tile->slot * TILE_COLS, width = tile->col.count;
    const float *from = pass->moments.from + at;
    float sum[TILE_COLS] = {0}, square[TILE_COLS] = {0};

    if (pass->panel == 0 && tile->row.start % pass->tiles.segment_rows == 0)
        memcpy(pass->moments.from + at, tile->cell, width * sizeof *from);
    for (size_t i = 0; i < tile->row.count; i++) {
        kernel->moments(tile->cell + i * tile->stride, width, from, sum, square);
        if (i % SETTLE == SETTLE - 1 || i == tile->row.count - 1) {
            kernel->settle(sum, NULL, width, 1, 0, pass->moments.sum + at);
            kernel->settle(square, NULL, width, 1, 0, pass->moments.square + at);
        }
    }
}

/* The slots of this process in the stripe. */
static struct span stripe_slots(const struct pass *pass)
{
    size_t first = pass->stripe.start / TILE_COLS * pass->segments;
    size_t end = tiles_ceil(pass->stripe.start + pass->stripe.count, TILE_COLS) * pass->segments;

    first = first > pass->own.start ? first : pass->own.start;
    end = end < pass->own.start + pass->own.count ? end : pass->own.start + pass->own.count;
    return (struct span){first, end > first ? end - first : 0};
}

static void pass_chunk(void *context, size_t chunk, size_t worker)
{
    struct pass *pass = context;
    size_t slot = stripe_slots(pass).start + chunk, segment = slot % pass->segments, m = pass->sims->cols;
    struct span col = tiles_span(slot / pass->segments, TILE_COLS, m);
    struct span rows = tiles_span(segment, pass->tiles.segment_rows, pass->tiles.rows);
    float *made = pass->scratch + worker * pass->scratch_size, *scratch = made + TILE_ROWS * TILE_COLS;

    for (size_t done = 0; done < rows.count && !job_cancelled(pass->job); done += TILE_ROWS) {
        struct span row = tiles_span(done / TILE_ROWS, TILE_ROWS, rows.count);
        pool_give_way();
        row.start += rows.start;
        size_t first = pass->panel + row.start;
        float *cell = pass->kept ? pass->kept + first * m + col.start : made;
        struct tile tile = {.cell = cell, .stride = pass->kept ? m : col.count, .slot = slot, .row = row, .col = col};
        sims_block(pass->sims, first, row.count, col.start, col.count, cell, tile.stride, scratch);
        bank_codes_put(&pass->codes, (struct span){first, row.count}, col, cell, tile.stride);
        if (pass->plan->betas)
            add_sums(pass, &tile);
        if (pass->plan->moments)
            add_moments(pass, &tile);
        if (pass->rows.k)
            row_lists_add(&pass->rows, row, col, cell, tile.stride);
        if (pass->columns.lists)
            add_columns(pass, &tile);
        job_step(pass->job);
    }
}

/* The plan's activation sets, that of the longest lists first. */
static void sort_active(const struct bank_plan *plan, size_t order[BANK_KS])
{
    for (size_t a = 0; a < plan->active_ks; a++) {
        size_t at = a;
        for (; at > 0 && plan->active_k[order[at - 1]] < plan->active_k[a]; at--)
            order[at] = order[at - 1];
        order[at] = a;
    }
}

/* Marks the items of the panel's complete row lists as active. */
static void mark_active(const struct pass *pass, struct bank_stats *stats)
{
    size_t order[BANK_KS] = {0};

    sort_active(&stats->plan, order);
    for (size_t i = 0; i < pass->tiles.rows; i++) {
        struct topk top = row_lists_at(&pass->rows, i);
        for (size_t a = 0; a < stats->plan.active_ks; a++) {
            topk_keep(&top, stats->plan.active_k[order[a]]);
            for (size_t l = 0; l < top.count; l++)
                stats->active[order[a]][top.item[l]] = 1;
        }
    }
}

/* Where the sums of item j over a segment are. */
static size_t sums_at(const struct pass *pass, size_t segment, size_t j)
{
    return (j / TILE_COLS * pass->segments + segment) * TILE_COLS + j % TILE_COLS;
}

/* Combines the segments' sums in order. */
static void finish_lse(const struct pass *pass, struct bank_stats *stats)
{
    for (size_t b = 0; b < stats->plan.betas; b++) {
        const double *sum = pass->sum + b * pass->slots * TILE_COLS;
        for (size_t j = 0; j < stats->m; j++) {
            double beta = stats->plan.beta[b], total = 0;
            float most = -INFINITY;
            for (size_t s = 0; s < pass->segments; s++) {
                float max = pass->max[sums_at(pass, s, j)];
                most = max > most ? max : most;
            }
            for (size_t s = 0; s < pass->segments; s++) {
                size_t at = sums_at(pass, s, j);
                total += sum[at] * exp(beta * ((double)pass->max[at] - (double)most));
            }
            stats->lse[b][j] = beta * (double)most + log(total);
        }
    }
}

/* Combines the segments' moments in order. */
static void finish_moments(const struct pass *pass, struct bank_stats *stats)
{
    const struct moments *moments = &pass->moments;

    for (size_t j = 0; stats->mean && j < stats->m; j++) {
        double rows = 0, mean = 0, apart = 0; /* apart: sum of squared differences from the mean */
        for (size_t s = 0; s < pass->segments && moments->rows[s] > 0; s++) {
            size_t at = sums_at(pass, s, j);
            double n = moments->rows[s], shift = moments->sum[at] / n;
            double between = (double)moments->from[at] + shift - mean;
            apart += fmax(moments->square[at] - n * shift * shift, 0) + between * between * rows * n / (rows + n);
            rows += n;
            mean += between * n / rows;
        }
        stats->mean[j] = mean;
        stats->deviation[j] = sqrt(apart / rows);
    }
}

struct finish {
    struct pass *pass;
    struct bank_stats *stats;
};

static void finish_chunk(void *context, size_t chunk, size_t worker)
{
    struct finish *finish = context;
    struct span stripe = finish->pass->stripe, col = tiles_span(chunk, TILE_COLS, stripe.count);
    size_t k = finish->stats->column_k;

    (void)worker;
    for (size_t j = col.start; j < col.start + col.count; j++)
        reservoir_take(&finish->pass->columns, j, finish->stats->column_top + (stripe.start + j) * k, NULL);
}

/* Stores the stripe's complete column lists and empties them for the next stripe. */
static void finish_columns(struct pass *pass, struct bank_stats *stats)
{
    struct finish finish = {pass, stats};

    if (!pass->columns.lists)
        return;
    pool_run(tiles_ceil(pass->stripe.count, TILE_COLS), finish_chunk, &finish);
    reservoir_clear(&pass->columns);
}

static int stats_open(struct bank_stats *stats, const struct sims *b, const struct bank_plan *plan)
{
    *stats = (struct bank_stats){.plan = *plan, .n = b->rows, .m = b->cols};
    stats->column_k = plan->column_k < stats->n ? plan->column_k : stats->n;
    for (size_t i = 0; i < plan->betas; i++)
        if (!(stats->lse[i] = memory_array(stats->m, sizeof *stats->lse[i])))
            return -1;
    for (size_t a = 0; a < plan->active_ks; a++)
        if (!(stats->active[a] = memory_array(stats->m, sizeof *stats->active[a])))
            return -1;
    if (plan->moments && (!(stats->mean = memory_array(stats->m, sizeof *stats->mean)) ||
                          !(stats->deviation = memory_array(stats->m, sizeof *stats->deviation))))
        return -1;
    if (stats->column_k && stats->m > SIZE_MAX / stats->column_k)
        return -1;
    stats->column_top = memory_array(stats->m * stats->column_k, sizeof *stats->column_top);
    return stats->column_top ? 0 : -1;
}

static int moments_open(struct moments *moments, size_t segments, size_t cells)
{
    moments->from = memory_floats(cells);
    moments->sum = memory_array(cells, sizeof *moments->sum);
    moments->square = memory_array(cells, sizeof *moments->square);
    moments->rows = memory_array(segments, sizeof *moments->rows);
    return moments->from && moments->sum && moments->square && moments->rows ? 0 : -1;
}

static void moments_close(struct moments *moments)
{
    free(moments->from);
    free(moments->sum);
    free(moments->square);
    free(moments->rows);
}

/* Chooses this process's slots.  The lists of a column's best rows are not put together from several processes' lists,
 * so that these have whole columns then; sums and moments of a segment are combined in any case. */
static void share_slots(struct pass *pass, bool whole_columns)
{
    pass->slots = tiles_ceil(pass->sims->cols, TILE_COLS) * pass->segments;
    pass->unit = whole_columns ? pass->segments : 1;
    struct crew_share share = crew_share(pass->slots / pass->unit);
    pass->own = (struct span){share.start * pass->unit, share.count * pass->unit};
}

/* The tiles of columns that this process has slots of, as columns. */
static struct span own_columns(const struct pass *pass)
{
    size_t first = pass->own.start / pass->segments * TILE_COLS, m = pass->sims->cols;
    size_t end = tiles_ceil(pass->own.start + pass->own.count, pass->segments) * TILE_COLS;

    end = end < m ? end : m;
    return (struct span){first, pass->own.count && end > first ? end - first : 0};
}

static int open_sums(struct pass *pass, const struct bank_plan *plan)
{
    size_t cells = pass->slots * TILE_COLS;

    pass->max = memory_floats(cells);
    pass->sum = memory_array(plan->betas * cells, sizeof *pass->sum);
    if (!pass->max || !pass->sum || (plan->moments && moments_open(&pass->moments, pass->segments, cells)))
        return -1;
    for (size_t i = 0; i < cells; i++)
        pass->max[i] = -INFINITY;
    return 0;
}

/* Sizes the shared state and sets *panel_rows, how many bank rows are processed at once. */
static int pass_open(struct pass *pass, struct bank_stats *stats, size_t *panel_rows)
{
    size_t n = stats->n, m = stats->m, k = 0;

    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&pass->column_lock[i], NULL);
    for (size_t a = 0; a < stats->plan.active_ks; a++)
        k = stats->plan.active_k[a] > k ? stats->plan.active_k[a] : k;
    k = k < m ? k : m;
    *panel_rows = n;
    if (k) {
        size_t most = (LIST_PLACES / k + 1) / TILE_ROWS * TILE_ROWS;
        most = most ? most : TILE_ROWS;
        *panel_rows = n < most ? n : most;
        if (row_lists_open(&pass->rows, *panel_rows, k))
            return -1;
    }
    pass->segments = tiles_of(*panel_rows, m).segments;
    share_slots(pass, stats->column_k > 0);
    pass->stripe.count = own_columns(pass).count;
    if (stats->column_k) {
        /* a column's list sees all its bank queries in one go, so the bank must be one panel */
        size_t most = COLUMN_PLACES / reservoir_room(stats->column_k, n) / TILE_COLS * TILE_COLS;
        if (*panel_rows == n && most < pass->stripe.count)
            pass->stripe.count = most ? most : TILE_COLS;
        if (reservoir_open(&pass->columns, pass->stripe.count, stats->column_k, n))
            return -1;
    }
    pass->scratch_size = TILE_ROWS * TILE_COLS + sims_scratch(pass->sims, TILE_ROWS, TILE_COLS);
    pass->scratch = memory_floats(pool_workers() * pass->scratch_size);
    return !pass->scratch || open_sums(pass, &stats->plan) ? -1 : 0;
}

static void pass_close(struct pass *pass)
{
    row_lists_close(&pass->rows);
    reservoir_close(&pass->columns);
    moments_close(&pass->moments);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&pass->column_lock[i]);
    free(pass->max);
    free(pass->sum);
    free(pass->scratch);
}

/* Walks this process's columns of a panel of rows, stripe by stripe. */
static void walk_panel(struct pass *pass, size_t width, struct bank_stats *stats)
{
    struct span columns = own_columns(pass);
    bool last = pass->panel + pass->tiles.rows == stats->n;

    for (size_t done = 0; done < columns.count && !job_cancelled(pass->job); done += width) {
        size_t left = columns.count - done;
        pass->stripe = (struct span){columns.start + done, left < width ? left : width};
        pool_run(stripe_slots(pass).count, pass_chunk, pass);
        if (last && !job_cancelled(pass->job))
            finish_columns(pass, stats);
    }
}

/* Walks all panels and marks the activation sets. */
static int walk(struct pass *pass, size_t panel_rows, struct bank_stats *stats, struct error *error)
{
    size_t width = pass->stripe.count;

    for (; pass->panel < stats->n && !job_cancelled(pass->job); pass->panel += panel_rows) {
        size_t left = stats->n - pass->panel;
        pass->tiles = tiles_of(left < panel_rows ? left : panel_rows, stats->m);
        for (size_t s = 0; pass->plan->moments && s < pass->tiles.segments; s++)
            pass->moments.rows[s] += (double)tiles_span(s, pass->tiles.segment_rows, pass->tiles.rows).count;
        row_lists_clear(&pass->rows);
        walk_panel(pass, width, stats);
        if (!pass->rows.k || job_cancelled(pass->job))
            continue;
        if (row_lists_join(&pass->rows, pass->tiles.rows, error))
            return -1;
        mark_active(pass, stats);
    }
    return job_cancelled(pass->job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

/* Completes all statistics with those of the other processes. */
static int join(struct pass *pass, struct bank_stats *stats, struct error *error)
{
    size_t units = pass->slots / pass->unit, cells = pass->slots * TILE_COLS, k = stats->column_k;
    size_t floats = TILE_COLS * sizeof(float), doubles = TILE_COLS * sizeof(double);
    bool joined = !stats->plan.betas || !crew_fill(pass->max, units, pass->unit * floats, pass->slots * floats, error);

    for (size_t b = 0; b < stats->plan.betas && joined; b++)
        joined = !crew_fill(pass->sum + b * cells, units, pass->unit * doubles, pass->slots * doubles, error);
    if (stats->plan.moments)
        joined = joined && !crew_fill(pass->moments.from, units, pass->unit * floats, pass->slots * floats, error) &&
                 !crew_fill(pass->moments.sum, units, pass->unit * doubles, pass->slots * doubles, error) &&
                 !crew_fill(pass->moments.square, units, pass->unit * doubles, pass->slots * doubles, error);
    for (size_t a = 0; a < stats->plan.active_ks && joined; a++)
        joined = !crew_any(stats->active[a], stats->m, error);
    if (k)
        joined = joined && !crew_fill(stats->column_top, units, k * floats, stats->m * k * sizeof(float), error);
    return joined ? 0 : -1;
}

/* Keeps B, if that is wanted and fits.  Several processes each walk columns of B here, but rows where it would be read:
 * they compute it again, and only agree on which rows are rounded. */
static void keep_cells(struct bank_stats *stats, const struct sims *b, size_t keep)
{
    bool fits = stats->m && stats->n <= keep / sizeof(float) / stats->m;

    if (b->stored || !keep)
        return;
    if (crew_size() > 1) {
        if (!fits)
            bank_codes_plan(&stats->codes, b, keep);
    } else if (fits) {
        stats->kept = memory_floats(stats->n * stats->m); /* optional: without it rules are only slower */
    } else {
        bank_codes_open(&stats->codes, b, keep);
    }
}

int bank_measure(const struct sims *b, const struct bank_plan *plan, struct bank_stats *stats, struct job *job,
                 struct error *error)
{
    struct pass pass = {.sims = b, .plan = plan, .job = job};
    size_t panel_rows;
    int result = -1;

    if (stats_open(stats, b, plan)) {
        error_memory(error);
        bank_stats_close(stats);
        return -1;
    }
    if (pass_open(&pass, stats, &panel_rows)) {
        error_memory(error);
        goto done;
    }
    keep_cells(stats, b, plan->keep);
    pass.kept = stats->kept;
    pass.codes = stats->codes;
    const struct tiles whole = tiles_of(stats->n, own_columns(&pass).count);
    job_expect(job, tiles_count(&whole));
    if (walk(&pass, panel_rows, stats, error) || join(&pass, stats, error))
        goto done;
    finish_lse(&pass, stats);
    finish_moments(&pass, stats);
    result = 0;
done:
    pass_close(&pass);
    if (result)
        bank_stats_close(stats);
    return result;
}

void bank_stats_close(struct bank_stats *stats)
{
    for (size_t b = 0; b < BANK_BETAS; b++)
        free(stats->lse[b]);
    for (size_t a = 0; a < BANK_KS; a++)
        free(stats->active[a]);
    free(stats->column_top);
    free(stats->mean);
    free(stats->deviation);
    free(stats->kept);
    bank_codes_close(&stats->codes);
    *stats = (struct bank_stats){0};
}

const double *bank_lse(const struct bank_stats *stats, double beta)
{
    for (size_t b = 0; b < stats->plan.betas; b++)
        if (stats->plan.beta[b] == beta)
            return stats->lse[b];
    return NULL;
}

const uint8_t *bank_active(const struct bank_stats *stats, size_t k)
{
    for (size_t a = 0; a < stats->plan.active_ks; a++)
        if (stats->plan.active_k[a] == k)
            return stats->active[a];
    return NULL;
}
