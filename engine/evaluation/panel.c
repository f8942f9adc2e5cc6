#include "engine/evaluation/panel.h"

#include "engine/matrices/tiles.h"
#include "engine/kernels/denormal.h"
#include "engine/kernels/kernels.h"
#include "engine/base/memory.h"
#include "engine/matrices/topk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 512,      /* sgemm is slower on fewer rows */
    ROWS_LEAST = 64, /* ... but every worker should get some */
    PANELS_WANTED = 8,
    ROWS_FEWEST = 8,
    PANEL_FLOATS = 8 << 20, /* 32 MB */
    COLUMNS = 2048,         /* of a gallery that must be converted first */
    STRIP = 16,             /* rows: a strip of 10,000 columns stays in the second cache */
    FEW = 4,                /* rows of a strip whose exponentials are kept at a time */
    TILE = PANEL_TILE,
    PART = TILE + 32        /* parts do not lie a whole page apart: a load would wait for another's store */
};

#define LEAST_SUM 1e-12 /* of exponentials relative to the largest: below, floats get coarse */

/* Of a rule's mass: to be multiplied by its weights, or as it is. */
enum panel_part { PART_WEIGHTED, PART_WHOLE, PART_KINDS };

/* What one rule makes of one query. */
struct panel_row {
    const float *shift; /* added to the similarities; null: none, also where the gate is shut, or scores of its own */
    float level;         /* score of the best target; -INFINITY for a query without any */
    size_t like;         /* the first rule that orders this row by the same scores */
    bool shared;         /* its mass comes from the exponentials of the similarities alone */
    size_t better, equal;
    float most;          /* largest score */
    double sum;          /* of the exponentials */
    float factor[PART_KINDS]; /* what the exponentials count in each part: 0 in the other, and if they are not shared */
};

size_t panel_rows(size_t queries, size_t gallery)
{
    size_t rows = queries / PANELS_WANTED;

    rows = rows < ROWS_LEAST ? ROWS_LEAST : rows > ROWS ? ROWS : rows;
    if (gallery > 0 && rows > PANEL_FLOATS / gallery)
        rows = PANEL_FLOATS / gallery;
    return rows < ROWS_FEWEST ? ROWS_FEWEST : rows;
}

/* Columns of one product: all, but where the gallery must be converted. */
static size_t product_columns(const struct sims *s)
{
    return s->cols > COLUMNS && sims_scratch(s, 0, 1) ? COLUMNS : s->cols;
}

bool panel_open(struct panel *panel, const struct panel_plan *plan)
{
    size_t m = task_gallery(plan->task), count = plan->rules;
    struct panel_terms *terms = &panel->terms;

    if (panel->mass)
        return true;
    panel_close(panel);
    panel->cell = memory_floats(plan->rows * m);
    panel->scratch = memory_floats(sims_scratch(&plan->task->s, plan->rows, product_columns(&plan->task->s)));
    panel->score = memory_floats(m);
    panel->weighed = memory_floats(m);
    panel->groups = memory_floats(STRIP * count * kernel_groups(m));
    panel->plain = memory_floats(kernel_groups(m));
    panel->own = memory_floats(kernel_groups(m));
    panel->part = memory_array(2 * count * PART, sizeof *panel->part);
    panel->parted = memory_array(2 * count, sizeof *panel->parted);
    panel->tile = memory_floats(plan->scales * FEW * TILE);
    panel->tile_sum = memory_array(plan->scales, sizeof *panel->tile_sum);
    panel->counts = memory_array(plan->counting * plan->rows * m, sizeof *panel->counts);
    panel->row = memory_array(STRIP * count, sizeof *panel->row);
    terms->rule = memory_array(2 * count, sizeof *terms->rule);
    terms->weight = memory_array(count, sizeof *terms->weight);
    terms->dot = memory_array(count, sizeof *terms->dot);
    terms->part = memory_array(2 * count, sizeof *terms->part);
    terms->factor = memory_array(2 * FEW * count, sizeof *terms->factor);
    if (panel->cell && panel->scratch && panel->score && panel->weighed && panel->groups && panel->plain && panel->own && panel->part &&
        panel->parted && panel->tile && panel->tile_sum && panel->counts && panel->row && terms->rule &&
        terms->weight && terms->dot && terms->part && terms->factor)
        panel->mass = memory_array(count * m, sizeof *panel->mass);
    return panel->mass;
}

void panel_close(struct panel *panel)
{
    void *owned[] = {panel->cell,       panel->scratch,      panel->score,     panel->weighed,   panel->groups,
                     panel->plain,      panel->own,          panel->part,       panel->parted,       panel->tile,      panel->tile_sum,  panel->counts,
                     panel->row,        panel->mass,         panel->terms.rule, panel->terms.weight,
                     panel->terms.dot,  panel->terms.part,   panel->terms.factor};

    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    *panel = (struct panel){0};
}

/* The score of the best target, to be ranked. */
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

/* A value that at least k of the groups' largest reach: the k-th largest after groups were thrown together as long as
 * enough are left to tell them apart.  With fewer than k groups anything may be in the list. */
static float list_bound(const float *groups, size_t count, size_t k)
{
    enum { FOLDED = 1024 };
    float folded[FOLDED], value[ANALYSIS_TOP_MOST];
    uint32_t item[ANALYSIS_TOP_MOST];
    struct topk top = topk_make(value, item, k);

    if (count / 2 <= FOLDED && count >= 8 * k) {
        count /= 2; /* groups are a multiple of KERNEL_LANES */
        memcpy(folded, groups, count * sizeof *folded);
        kernel_set()->raise(groups + count, count, folded);
        for (; count >= 8 * k && count % 2 == 0; count /= 2)
            kernel_set()->raise(folded + count / 2, count / 2, folded);
        groups = folded;
    }
    topk_add(&top, groups, count, 0);
    return top.count < k ? -INFINITY : value[0]; /* the worst stands first */
}

/* The k best of a row whose groups' largest scores are known: only blocks of groups of which one reaches the bound can
 * hold any. */
static void list_best(const float *s, const float *shift, size_t m, const float *groups, size_t k, uint32_t *item)
{
    uint32_t found[KERNEL_BLOCK + KERNEL_LANES];
    float value[ANALYSIS_TOP_MOST];
    struct topk top = topk_make(value, item, k);
    size_t count = kernel_groups(m);
    float below = nextafterf(list_bound(groups, count, k), -INFINITY);

    for (size_t g = 0; (g += kernel_scan(groups + g, count - g, below)) < count;) {
        size_t block = g / KERNEL_LANES, first = block * KERNEL_BLOCK;
        size_t length = m - first < KERNEL_BLOCK ? m - first : KERNEL_BLOCK;
        const float *from = shift ? shift + first : NULL;
        size_t over = kernel_set()->find(s + first, from, length, below, found);
        for (size_t f = 0; f < over; f++)
            topk_push(&top, from ? s[first + found[f]] + from[found[f]] : s[first + found[f]],
                     (uint32_t)first + found[f]);
        g = (block + 1) * KERNEL_LANES;
    }
    topk_sort(&top);
}

static void place_query(const struct panel_plan *plan, size_t rule, size_t query, const struct panel_row *row)
{
    const struct task *task = plan->task;
    bool known = task->target_start[query] < task->target_start[query + 1];

    plan->results[rule].rank[query] = known ? 1 + (double)row->better + (double)(row->equal - 1) / 2 : NAN;
}

static float *groups_of(const struct panel *panel, const struct panel_plan *plan, size_t i, size_t rule)
{
    return panel->groups + (i * plan->rules + rule) * kernel_groups(task_gallery(plan->task));
}

/* A query under a rule that makes its own scores: all at once. */
static int analyse_own(struct panel *panel, const struct panel_plan *plan, size_t rule, size_t query,
                       const struct asker *asker, const float *s)
{
    struct analysis *result = &plan->results[rule];
    size_t m = result->gallery;
    struct panel_row row = {0};

    if (fit_score(result->fit, true, asker, s, panel->score))
        return -1;
    row.level = best_target(plan->task, query, panel->score, NULL);
    kernel_set()->count(panel->score, NULL, m, row.level, &row.better, &row.equal, panel->own);
    place_query(plan, rule, query, &row);
    list_best(panel->score, NULL, m, panel->own, result->top_k, result->top + query * result->top_k);
    if (result->mass) {
        float most = kernel_max(panel->own, kernel_groups(m));
        double sum = kernel_set()->exp(panel->score, NULL, m, (float)result->fit->scale, most, panel->weighed);
        kernel_set()->settle(panel->weighed, NULL, m, 1 / sum, panel->mass + rule * m);
    }
    return 0;
}

static void copy_order(const struct panel_plan *plan, size_t from, size_t to, size_t query)
{
    const struct analysis *source = &plan->results[from], *result = &plan->results[to];
    size_t k = result->top_k;

    result->rank[query] = source->rank[query];
    memcpy(result->top + query * k, source->top + query * k, k * sizeof *result->top);
}

/* Looks at a row's similarities as they are, in one walk while they are on their way into the cache. */
static void look_at_plain(struct panel *panel, const struct panel_plan *plan, size_t query, const float *s,
                        struct panel_row *plain)
{
    size_t m = task_gallery(plan->task);

    plain->level = best_target(plan->task, query, s, NULL);
    kernel_set()->count(s, NULL, m, plain->level, &plain->better, &plain->equal, panel->plain);
    plain->most = kernel_max(panel->plain, kernel_groups(m));
}

/* Everything of a row but what its tiles are for. */
static int begin_row(struct panel *panel, const struct panel_plan *plan, size_t first, size_t at, size_t i,
                     float *most)
{
    size_t m = task_gallery(plan->task), query = first + at, counted = 0, like_plain = plan->rules;
    const float *s = panel->cell + at * m;
    struct panel_row *row = panel->row + i * plan->rules, plain = {0};
    struct asker asker = {.task = plan->task, .row = query};

    look_at_plain(panel, plan, query, s, &plain);
    *most = plain.most;
    uint32_t top1 = plan->gated ? (uint32_t)kernel_scan(s, m, nextafterf(plain.most, -INFINITY)) : 0;
    for (size_t r = 0; r < plan->rules; r++) {
        struct analysis *result = &plan->results[r];
        bool open = fit_open(result->fit, top1), own = result->fit->spec.rule->score;
        if (result->gate)
            result->gate[query] = open;
        row[r] = (struct panel_row){.like = r, .shared = !own && result->mass};
        if (own) {
            asker.counts = NULL;
            if (result->fit->spec.rule->count)
                asker.counts = panel->counts + (counted++ * plan->rows + at) * m;
            if (analyse_own(panel, plan, r, query, &asker, s))
                return -1;
            continue;
        }
        row[r].shift = open ? plan->shift[r] : NULL;
        if (row[r].shift) {
            for (size_t like = 0; like < r && row[r].like == r; like++)
                if (row[like].shift == row[r].shift)
                    row[r].like = like;
            if (row[r].like == r)
                row[r].level = best_target(plan->task, query, s, row[r].shift);
        } else if (like_plain < plan->rules) {
            copy_order(plan, like_plain, r, query);
        } else {
            like_plain = r;
            place_query(plan, r, query, &plain);
            list_best(s, NULL, m, panel->plain, result->top_k, result->top + query * result->top_k);
        }
    }
    return 0;
}

/* Counts of a tile of the strip's rows under rules with shifts, rule by rule: these stay close. */
static void count_tile(struct panel *panel, const struct panel_plan *plan, size_t rows, const float *cell,
                       size_t tile)
{
    size_t m = task_gallery(plan->task), group = tile * TILE / KERNEL_BLOCK * KERNEL_LANES;
    struct span col = tiles_span(tile, TILE, m);

    for (size_t r = 0; r < plan->rules; r++)
        for (size_t i = 0; i < rows; i++) {
            struct panel_row *row = &panel->row[i * plan->rules + r];
            size_t better, equal;
            if (!row->shift || row->like != r)
                continue;
            kernel_set()->count(cell + i * m + col.start, plan->terms + panel_term(plan, tile, PANEL_SHIFT, r),
                                col.count, row->level, &better, &equal, groups_of(panel, plan, i, r) + group);
            row->better += better;
            row->equal += equal;
        }
}

static float *tile_of(const struct panel *panel, size_t scale, size_t place)
{
    return panel->tile + (scale * FEW + place) * TILE;
}

/* Exponentials of a row's tile at every scale, into its place of a few rows; their sums into panel->tile_sum. */
static void tile_exponentials(struct panel *panel, const struct panel_plan *plan, size_t place, const float *s,
                              float most, size_t count)
{
    for (size_t c = 0; c < plan->scales; c++) {
        const struct panel_scale *scale = &plan->scale[c];
        float *out = tile_of(panel, c, place);
        panel->tile_sum[c] =
            scale->power > 1
                ? kernel_set()->power(tile_of(panel, scale->base, place), count, scale->power, out)
                : kernel_set()->exp(s, NULL, count, scale->value, most, out);
    }
}

/* Sums of every rule's exponentials over a tile of one row. */
static void sum_tile(struct panel *panel, const struct panel_plan *plan, struct panel_row *row, size_t tile,
                     size_t count)
{
    struct panel_terms *terms = &panel->terms;

    for (size_t c = 0; c < plan->scales; c++) {
        terms->count = 0;
        for (size_t r = 0; r < plan->rules; r++) {
            if (plan->scale_of[r] != c)
                continue;
            if (!row[r].shift) {
                row[r].sum += panel->tile_sum[c];
                continue;
            }
            terms->rule[terms->count] = r;
            terms->dot[terms->count] = 0;
            terms->weight[terms->count++] = plan->terms + panel_term(plan, tile, PANEL_WEIGHT, r);
        }
        kernel_set()->dots(tile_of(panel, c, 0), count, terms->weight, terms->count, terms->dot);
        for (size_t t = 0; t < terms->count; t++)
            row[terms->rule[t]].sum += terms->dot[t];
    }
}

/* Rank and list of every rule with shifts, and what the probabilities are made with: where what counts is too far below
 * the best similarity, the exponentials of all rules do not serve and the rule's own are made. */
static void end_row(struct panel *panel, const struct panel_plan *plan, size_t i, size_t query, const float *s)
{
    const struct kernel_set *kernel = kernel_set();
    size_t m = task_gallery(plan->task);
    struct panel_row *row = panel->row + i * plan->rules;

    for (size_t r = 0; r < plan->rules; r++) {
        struct analysis *result = &plan->results[r];
        const float *groups = groups_of(panel, plan, i, row[r].like);
        if (row[r].shift && row[r].like != r) {
            copy_order(plan, row[r].like, r, query);
        } else if (row[r].shift) {
            place_query(plan, r, query, &row[r]);
            list_best(s, row[r].shift, m, groups, result->top_k, result->top + query * result->top_k);
        }
        if (!row[r].shared)
            continue;
        if (row[r].sum >= LEAST_SUM) {
            row[r].factor[row[r].shift ? PART_WEIGHTED : PART_WHOLE] = (float)(1 / row[r].sum);
        } else {
            double sum = kernel->exp(s, row[r].shift, m, (float)result->fit->scale,
                                     kernel_max(groups, kernel_groups(m)), panel->weighed);
            kernel->settle(panel->weighed, NULL, m, 1 / sum, panel->mass + r * m);
        }
    }
}

/* Adds the probabilities of a few rows to the parts of a tile: the part of a rule that some row takes with shifts, and
 * that of one that takes it as it is. */
static void spread_tile(struct panel *panel, const struct panel_plan *plan, const struct panel_row *row, size_t rows,
                        size_t count)
{
    struct panel_terms *terms = &panel->terms;

    for (size_t c = 0; c < plan->scales; c++) {
        terms->count = 0;
        for (size_t r = 0; r < plan->rules; r++) {
            if (plan->scale_of[r] != c)
                continue;
            for (enum panel_part kind = PART_WEIGHTED; kind <= PART_WHOLE; kind++) {
                float any = 0;
                for (size_t i = 0; i < rows; i++)
                    any += row[i * plan->rules + r].factor[kind];
                if (!(any > 0))
                    continue;
                size_t part = kind * plan->rules + r;
                panel->parted[part] = true;
                terms->rule[terms->count] = part;
                terms->part[terms->count++] = panel->part + part * PART;
            }
        }
        for (size_t i = 0; i < rows; i++)
            for (size_t t = 0; t < terms->count; t++) {
                size_t part = terms->rule[t];
                terms->factor[i * terms->count + t] =
                    row[i * plan->rules + part % plan->rules].factor[part / plan->rules];
            }
        kernel_set()->spread(tile_of(panel, c, 0), TILE, rows, count, terms->factor, terms->part, terms->count);
    }
}

/* Moves a tile's parts to the mass.  The factor exp(bias) of a column waited until the rows were summed, and floats are
 * summed over a strip only. */
static void keep_tile(struct panel *panel, const struct panel_plan *plan, size_t tile)
{
    size_t m = task_gallery(plan->task);
    struct span col = tiles_span(tile, TILE, m);

    for (size_t part = 0; part < 2 * plan->rules; part++) {
        size_t rule = part % plan->rules;
        const float *weight = plan->terms + panel_term(plan, tile, PANEL_WEIGHT, rule);
        if (!panel->parted[part])
            continue;
        kernel_set()->settle(panel->part + part * PART, part < plan->rules ? weight : NULL, col.count, 1,
                             panel->mass + rule * m + col.start);
        panel->parted[part] = false;
    }
}

static int analyse_strip(struct panel *panel, const struct panel_plan *plan, size_t first, size_t start, size_t rows)
{
    size_t m = task_gallery(plan->task), tiles = tiles_ceil(m, TILE);
    const float *cell = panel->cell + start * m;
    float most[STRIP];

    for (size_t i = 0; i < rows; i++)
        if (begin_row(panel, plan, first, start + i, i, &most[i]))
            return -1;
    for (size_t tile = 0; tile < tiles; tile++) {
        struct span col = tiles_span(tile, TILE, m);
        count_tile(panel, plan, rows, cell, tile);
        unsigned kept = denormal_off();
        for (size_t i = 0; i < rows; i++) {
            tile_exponentials(panel, plan, 0, cell + i * m + col.start, most[i], col.count);
            sum_tile(panel, plan, panel->row + i * plan->rules, tile, col.count);
        }
        denormal_restore(kept);
    }
    for (size_t i = 0; i < rows; i++)
        end_row(panel, plan, i, first + start + i, cell + i * m);
    unsigned kept = denormal_off();
    for (size_t tile = 0; tile < tiles; tile++) {
        struct span col = tiles_span(tile, TILE, m);
        for (size_t i = 0; i < rows; i += FEW) {
            size_t few = rows - i < FEW ? rows - i : FEW;
            for (size_t f = 0; f < few; f++)
                tile_exponentials(panel, plan, f, cell + (i + f) * m + col.start, most[i + f], col.count);
            spread_tile(panel, plan, panel->row + i * plan->rules, few, col.count);
        }
        keep_tile(panel, plan, tile);
    }
    denormal_restore(kept);
    return 0;
}

int panel_analyse(struct panel *panel, const struct panel_plan *plan, size_t first, size_t rows)
{
    size_t m = task_gallery(plan->task), columns = product_columns(&plan->task->s);

    for (size_t part = 0; part < tiles_ceil(m, columns); part++) {
        struct span col = tiles_span(part, columns, m);
        sims_block(&plan->task->s, first, rows, col.start, col.count, panel->cell + col.start, m, panel->scratch);
    }
    for (size_t r = 0, counted = 0; r < plan->rules; r++) {
        const struct fit *fit = plan->results[r].fit;
        if (fit->spec.rule->count)
            fit->spec.rule->count(fit, plan->task, first, rows, panel->cell,
                                  panel->counts + counted++ * plan->rows * m);
    }
    for (size_t start = 0; start < rows; start += STRIP)
        if (analyse_strip(panel, plan, first, start, rows - start < STRIP ? rows - start : STRIP))
            return -1;
    return 0;
}
