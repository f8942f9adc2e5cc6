#include "engine/evaluation/panel_order.h"

#include "engine/evaluation/panel_list.h"
#include "engine/evaluation/panel_mass.h"
#include "engine/fitting/fit.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <string.h>

/* The score of the best target; -INFINITY without targets. */
static float best_target(const struct task *task, size_t query, const float *s, const float *shift)
{
    float best = -INFINITY;

    for (uint32_t t = task->target_start[query]; t < task->target_start[query + 1]; t++) {
        uint32_t item = task->target[t];
        float score = shift ? s[item] + shift[item] : s[item];
        best = score > best ? score : best;
    }
    return best;
}

static double rank_of_none(const struct task *task)
{
    return task->conventions.keep_masked ? INFINITY : NAN;
}

/* Stores rank and list of a query, from its row's counts and its groups' largest scores. */
static void put_order(const struct panel *panel, size_t rule, size_t query, const struct panel_row *row, const float *s,
                      const float *groups)
{
    const struct panel_plan *plan = panel->plan;
    const struct task *task = plan->task;
    const struct panel_result *result = &plan->result[rule];
    bool known = task->target_start[query] < task->target_start[query + 1];

    result->rank[query] = known ? 1 + (double)row->better + (double)(row->equal - 1) / 2 : rank_of_none(task);
    if (result->precision)
        result->precision[query] = precision_average(&panel->precision, task, query, s, row->shift);
    panel_list_best(s, row->shift, task_gallery(task), groups, result->top_k, result->top + query * result->top_k);
}

static void copy_order(const struct panel_plan *plan, size_t from, size_t to, size_t query)
{
    const struct panel_result *source = &plan->result[from], *result = &plan->result[to];
    size_t k = result->top_k;

    result->rank[query] = source->rank[query];
    if (result->precision)
        result->precision[query] = source->precision[query];
    memcpy(result->top + query * k, source->top + query * k, k * sizeof *result->top);
}

/* Handles a query under a rule with scores of its own: rank, list and mass.  -1 when out of memory. */
static int order_own(struct panel *panel, size_t rule, const struct asker *asker, const float *s)
{
    const struct panel_plan *plan = panel->plan;
    const struct panel_result *result = &plan->result[rule];
    size_t m = panel_gallery(panel), query = asker->row;
    struct panel_row row = {0};

    if (fit_score(result->fit, true, asker, s, panel->score))
        return -1;
    row.level = best_target(plan->task, query, panel->score, NULL);
    kernel_set()->count(panel->score, NULL, m, row.level, &row.better, &row.equal, panel->own);
    put_order(panel, rule, query, &row, panel->score, panel->own);
    if (result->mass)
        panel_mass_add(panel, rule, panel->score, NULL, panel->own);
    return 0;
}

/* Counts a row's unshifted similarities in one walk, which also brings them into the cache.  Returns the largest. */
static float count_plain(struct panel *panel, size_t query, const float *s, struct panel_row *plain)
{
    size_t m = panel_gallery(panel);

    plain->level = best_target(panel->plan->task, query, s, NULL);
    kernel_set()->count(s, NULL, m, plain->level, &plain->better, &plain->equal, panel->plain);
    return kernel_max(panel->plain, kernel_groups(m));
}

/* Finds an earlier rule with the same shifts, else sets the level to count from. */
static void begin_shifted(const struct task *task, size_t query, const float *s, struct panel_row *row, size_t rule)
{
    for (size_t like = 0; like < rule; like++)
        if (row[like].shift == row[rule].shift) {
            row[rule].like = like;
            return;
        }
    row[rule].level = best_target(task, query, s, row[rule].shift);
}

int panel_order_begin(struct panel *panel, size_t at, size_t i)
{
    const struct panel_plan *plan = panel->plan;
    size_t m = panel_gallery(panel), query = panel->cells->queries.start + at, counted = 0, like_plain = plan->rules;
    const float *s = panel_cells_row(panel->cells, at);
    struct panel_row *row = panel_row_of(panel, i), plain = {0};
    struct asker asker = {.task = plan->task, .row = query};

    panel->most[i] = count_plain(panel, query, s, &plain);
    uint32_t top1 = plan->gated ? (uint32_t)kernel_scan(s, m, nextafterf(panel->most[i], -INFINITY)) : 0;
    asker.top1 = top1;
    for (size_t r = 0; r < plan->rules; r++) {
        const struct panel_result *result = &plan->result[r];
        bool open = fit_open(result->fit, top1), own = result->fit->spec.rule->score;
        if (result->gate)
            result->gate[query] = open;
        if (result->gallery_gate)
            result->gallery_gate[query] = result->fit->gallery_active[top1];
        row[r] = (struct panel_row){.like = r, .shared = !own && result->mass};
        if (own) {
            asker.counts = NULL;
            if (result->fit->spec.rule->count)
                asker.counts = panel_cells_counts(panel->cells, counted++, at);
            if (order_own(panel, r, &asker, s))
                return -1;
            continue;
        }
        row[r].shift = open ? plan->shift[r] : NULL;
        if (row[r].shift) {
            begin_shifted(plan->task, query, s, row, r);
        } else if (like_plain < plan->rules) {
            copy_order(plan, like_plain, r, query);
        } else {
            like_plain = r;
            put_order(panel, r, query, &plain, s, panel->plain);
        }
    }
    return 0;
}

/* Rule by rule, so that a rule's shifts stay in cache. */
void panel_order_count(struct panel *panel, size_t start, size_t rows, size_t tile)
{
    const struct panel_plan *plan = panel->plan;
    size_t group = tile * PANEL_TILE / KERNEL_BLOCK * KERNEL_LANES;
    struct span col = tiles_span(tile, PANEL_TILE, panel_gallery(panel));

    for (size_t r = 0; r < plan->rules; r++)
        for (size_t i = 0; i < rows; i++) {
            struct panel_row *row = &panel_row_of(panel, i)[r];
            size_t better, equal;
            if (!row->shift || row->like != r)
                continue;
            kernel_set()->count(panel_cells_row(panel->cells, start + i) + col.start,
                                panel_term(plan, tile, PANEL_SHIFT, r), col.count, row->level, &better, &equal,
                                panel_groups(panel, i, r) + group);
            row->better += better;
            row->equal += equal;
        }
}

void panel_order_end(struct panel *panel, size_t at, size_t i)
{
    const struct panel_plan *plan = panel->plan;
    const struct panel_row *row = panel_row_of(panel, i);
    size_t query = panel->cells->queries.start + at;

    for (size_t r = 0; r < plan->rules; r++) {
        if (!row[r].shift)
            continue;
        if (row[r].like != r)
            copy_order(plan, row[r].like, r, query);
        else
            put_order(panel, r, query, &row[r], panel_cells_row(panel->cells, at), panel_groups(panel, i, r));
    }
}
