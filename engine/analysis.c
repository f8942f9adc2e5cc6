#include "engine/analysis.h"

#include "engine/kernels.h"
#include "engine/memory.h"
#include "engine/pool.h"
#include "engine/topk.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_ROWS = 256,      /* sgemm is slower on fewer rows */
    BLOCK_ROWS_LEAST = 64, /* ... but every worker should get some */
    BLOCKS_WANTED = 8,
    PANEL_ROWS_LEAST = 8,
    PANEL_FLOATS = 4 << 20, /* 16 MB */
    PART_ROWS = 32,
    COLUMNS = 2048
};

const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

/* One worker's memory, made when it takes its first block. */
struct place {
    float *panel;     /* (block rows, M) similarities */
    float *scratch;   /* sims_scratch */
    float *score;     /* (M) scores of a rule that makes its own */
    float *row;       /* (M) exponentials of one query's logits */
    float *part;      /* (rules, M) mass of the last few rows */
    double *mass;     /* (rules, M) mass of the block at hand */
    struct row *rule; /* (rules) */
};

/* What one rule makes of the query at hand. */
struct row {
    const float *base;  /* the similarities; null for a rule with scores of its own */
    const float *shift; /* added to them, or null: also where the gate is shut */
    float largest;      /* score */
    bool ordered, weighed;
};

struct run {
    const struct task *task;
    struct analysis *results;
    size_t count, rows; /* rules, rows of a block */
    bool gated;
    const float **shift; /* (rules) of each rule; the same pointer for equal ones */
    double anchor;       /* see merge_mass */
    struct place *place;
    struct job *job;
    pthread_mutex_t lock;
    atomic_bool cancelled, failed;
};

/* Depends on the data's size alone, never on the number of workers: products of other shapes round
 * differently. */
static size_t block_rows(size_t queries, size_t gallery)
{
    size_t rows = queries / BLOCKS_WANTED;

    rows = rows < BLOCK_ROWS_LEAST ? BLOCK_ROWS_LEAST : rows > BLOCK_ROWS ? BLOCK_ROWS : rows;
    if (gallery > 0 && rows > PANEL_FLOATS / gallery)
        rows = PANEL_FLOATS / gallery;
    return rows < PANEL_ROWS_LEAST ? PANEL_ROWS_LEAST : rows;
}

static bool place_open(struct place *place, const struct run *run)
{
    size_t m = task_gallery(run->task), columns = m < COLUMNS ? m : COLUMNS;

    if (place->mass)
        return true;
    if (!place->panel)
        place->panel = memory_floats(run->rows * m);
    if (!place->scratch)
        place->scratch = memory_floats(sims_scratch(&run->task->s, run->rows, columns));
    if (!place->row)
        place->row = memory_floats(m);
    if (!place->score)
        place->score = memory_floats(m);
    if (!place->part)
        place->part = memory_array(run->count * m, sizeof *place->part);
    if (!place->rule)
        place->rule = memory_array(run->count, sizeof *place->rule);
    if (place->panel && place->scratch && place->row && place->score && place->part && place->rule)
        place->mass = memory_array(run->count * m, sizeof *place->mass);
    return place->mass;
}

static void place_close(struct place *place)
{
    free(place->panel);
    free(place->scratch);
    free(place->row);
    free(place->score);
    free(place->part);
    free(place->rule);
    free(place->mass);
}

/* The score of the best target, to be ranked; -INFINITY for a query without any. */
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

/* The k best of a row whose groups' largest scores are known: k of those bound what can be among
 * them, so that little else is looked at twice. */
static void list_best(const float *s, const float *shift, size_t m, const float *groups, size_t k,
                      uint32_t *item)
{
    float bound[ANALYSIS_TOP], value[ANALYSIS_TOP];
    uint32_t group[ANALYSIS_TOP];
    struct topk largest = topk_make(bound, group, k), top = topk_make(value, item, k);

    topk_add(&largest, groups, KERNEL_GROUPS, 0);
    float below = nextafterf(bound[0], -INFINITY);
    for (size_t j = 0; j < m; j++) {
        j += kernel_set()->scan(s + j, shift ? shift + j : NULL, m - j, below);
        if (j < m)
            topk_push(&top, shift ? s[j] + shift[j] : s[j], (uint32_t)j);
        if (top.count == k)
            below = value[0]; /* equal values of later items are no better */
    }
    topk_sort(&top);
}

/* Rank, list and largest score of a query under rule `rule`. */
static float order_row(const struct run *run, size_t rule, size_t query, const float *s,
                       const float *shift)
{
    struct analysis *result = &run->results[rule];
    const struct task *task = run->task;
    float groups[KERNEL_GROUPS], best = best_target(task, query, s, shift);
    size_t m = task_gallery(task), better, equal;

    kernel_set()->count(s, shift, m, best, &better, &equal, groups);
    bool known = task->target_start[query] < task->target_start[query + 1];
    result->rank[query] = known ? 1 + (double)better + (double)(equal - 1) / 2 : NAN;
    list_best(s, shift, m, groups, result->top_k, result->top + query * result->top_k);
    return kernel_max(groups, KERNEL_GROUPS);
}

/* Rules that order this row by the same scores share the work of ordering, and those of the same
 * scale also the exponentials.  -1 when memory is out. */
static int analyse_row(const struct run *run, struct place *place, size_t query, const float *s)
{
    size_t m = task_gallery(run->task), k = run->results[0].top_k;
    const struct asker asker = {.task = run->task, .row = query};
    struct row *rule = place->rule;
    uint32_t top1 =
        run->gated ? (uint32_t)kernel_scan(s, m, nextafterf(kernel_max(s, m), -INFINITY)) : 0;

    for (size_t r = 0; r < run->count; r++) {
        struct analysis *result = &run->results[r];
        bool open = fit_open(result->fit, top1);
        rule[r] = (struct row){.base = s, .shift = open ? run->shift[r] : NULL};
        if (result->fit->spec.rule->score)
            rule[r].base = NULL; /* made in its turn, and like no other's */
        if (result->gate)
            result->gate[query] = open;
    }
    for (size_t r = 0; r < run->count; r++) {
        const struct analysis *result = &run->results[r];
        const struct fit *fit = result->fit;
        const float *base = rule[r].base, *shift = rule[r].shift;
        bool weigh = result->mass && !rule[r].weighed;
        float weight = 0;
        if (!base) {
            if (fit_score(fit, true, &asker, s, place->score))
                return -1;
            base = place->score;
        }
        if (!rule[r].ordered)
            rule[r].largest = order_row(run, r, query, base, shift);
        if (weigh)
            weight = (float)(1 / kernel_set()->exp(base, shift, m, (float)fit->scale,
                                                   rule[r].largest, place->row));
        for (size_t other = r; other < run->count; other++) {
            struct analysis *same = &run->results[other];
            if (other != r && (rule[other].base != base || rule[other].shift != shift))
                continue;
            if (other != r && !rule[other].ordered) {
                rule[other].largest = rule[r].largest;
                same->rank[query] = result->rank[query];
                memcpy(same->top + query * k, result->top + query * k, k * sizeof *same->top);
            }
            rule[other].ordered = true;
            if (weigh && same->mass && !rule[other].weighed && same->fit->scale == fit->scale) {
                kernel_set()->accumulate(place->row, m, weight, place->part + other * m);
                rule[other].weighed = true;
            }
        }
    }
    return 0;
}

/* Floats are summed over a few rows only. */
static void keep_part(const struct run *run, struct place *place)
{
    size_t cells = run->count * task_gallery(run->task);

    for (size_t i = 0; i < cells; i++) {
        place->mass[i] += (double)place->part[i];
        place->part[i] = 0;
    }
}

/* Adds the block's mass to the results, rounded to a multiple of a power of two so small that it
 * does not matter and so large that sums up to Q are exact: their order, and so the number of
 * workers, then leaves no trace. */
static void merge_mass(struct run *run, struct place *place)
{
    size_t m = task_gallery(run->task);
    double anchor = run->anchor;

    pthread_mutex_lock(&run->lock);
    for (size_t r = 0; r < run->count; r++) {
        double *total = run->results[r].mass, *part = place->mass + r * m;
        for (size_t j = 0; total && j < m; j++) {
            total[j] += (part[j] + anchor) - anchor;
            part[j] = 0;
        }
    }
    pthread_mutex_unlock(&run->lock);
}

static void analyse_block(void *context, size_t block, size_t worker)
{
    struct run *run = context;
    struct place *place = &run->place[worker];
    size_t m = task_gallery(run->task), q = task_queries(run->task);
    size_t first = block * run->rows, rows = q - first < run->rows ? q - first : run->rows;

    if (atomic_load(&run->failed))
        return;
    if (job_cancelled(run->job)) {
        atomic_store(&run->cancelled, true);
        return;
    }
    if (!place_open(place, run)) {
        atomic_store(&run->failed, true);
        return;
    }
    for (size_t column = 0; column < m; column += COLUMNS) {
        size_t columns = m - column < COLUMNS ? m - column : COLUMNS;
        sims_block(&run->task->s, first, rows, column, columns, place->panel + column, m,
                   place->scratch);
    }
    for (size_t i = 0; i < rows; i++) {
        if (analyse_row(run, place, first + i, place->panel + i * m)) {
            atomic_store(&run->failed, true);
            return;
        }
        if (i % PART_ROWS == PART_ROWS - 1 || i == rows - 1)
            keep_part(run, place);
    }
    merge_mass(run, place);
    job_step(run->job);
}

static int prepare(const struct task *task, struct fit *fit, struct analysis *result)
{
    size_t q = task_queries(task), m = task_gallery(task);

    result->fit = fit_keep(fit);
    result->queries = q;
    result->gallery = m;
    result->top_k = m < ANALYSIS_TOP ? m : ANALYSIS_TOP;
    result->gate_rate = NAN;
    result->rank = memory_array(q, sizeof *result->rank);
    result->top = memory_array(q * result->top_k, sizeof *result->top);
    if (!result->rank || !result->top)
        return -1;
    if (!fit->spec.rule->order_only && !(result->mass = memory_array(m, sizeof *result->mass)))
        return -1;
    if (fit->active && !(result->gate = memory_array(q, sizeof *result->gate)))
        return -1;
    for (size_t i = 0; i < ANALYSIS_KS; i++)
        if (!(result->occurrence[i] = memory_array(m, sizeof **result->occurrence)))
            return -1;
    return 0;
}

static int summarise(struct analysis *result)
{
    size_t q = result->queries, m = result->gallery;

    for (size_t i = 0; i < ANALYSIS_KS; i++) {
        size_t places = analysis_k[i] < result->top_k ? analysis_k[i] : result->top_k;
        for (size_t query = 0; query < q; query++)
            for (size_t place = 0; place < places; place++)
                result->occurrence[i][result->top[query * result->top_k + place]]++;
        if (hubness_of(result->occurrence[i], m, analysis_k[i], q, &result->hubness[i]))
            return -1;
    }
    if (result->gate) {
        size_t open = 0;
        for (size_t query = 0; query < q; query++)
            open += result->gate[query];
        result->gate_rate = q ? (double)open / (double)q : NAN;
    }
    result->mass_summary = (struct mass_summary){NAN, NAN, NAN, NAN};
    if (result->mass)
        result->mass_summary = mass_summary_of(result->mass, m, q);
    return metrics_of(result->rank, q, &result->metrics);
}

int analysis_run(const struct task *task, struct fit *const *fits, size_t count,
                 struct analysis *results, struct job *job, struct error *error)
{
    size_t q = task_queries(task), m = task_gallery(task), workers = pool_workers();
    struct run run = {.task = task, .results = results, .count = count, .job = job};
    int status = -1, exponent;

    for (size_t r = 0; r < count; r++)
        results[r] = (struct analysis){0};
    if (m == 0)
        return error_set(error, ERROR_INPUT, "the gallery is empty: there is nothing to rank");
    run.rows = block_rows(q, m);
    frexp((double)q, &exponent); /* Q < 2^exponent */
    run.anchor = ldexp(1.5, exponent);
    pthread_mutex_init(&run.lock, NULL);
    run.place = memory_array(workers, sizeof *run.place);
    run.shift = memory_array(count, sizeof *run.shift);
    if (!run.place || !run.shift)
        goto memory;
    for (size_t r = 0; r < count; r++) {
        if (prepare(task, fits[r], &results[r]))
            goto memory;
        run.gated = run.gated || fits[r]->active;
        run.shift[r] = fits[r]->shift;
        for (size_t other = 0; other < r && run.shift[r]; other++)
            if (run.shift[other] && memcmp(run.shift[other], run.shift[r], m * sizeof(float)) == 0)
                run.shift[r] = run.shift[other];
    }
    if (count > 0) {
        size_t blocks = (q + run.rows - 1) / run.rows;
        job_expect(job, blocks);
        pool_run(blocks, analyse_block, &run);
    }
    if (run.failed)
        goto memory;
    if (run.cancelled) {
        error_set(error, ERROR_CANCELLED, "cancelled");
        goto done;
    }
    for (size_t r = 0; r < count; r++)
        if (summarise(&results[r]))
            goto memory;
    status = 0;
    goto done;
memory:
    error_memory(error);
done:
    for (size_t w = 0; run.place && w < workers; w++)
        place_close(&run.place[w]);
    free(run.place);
    free(run.shift);
    pthread_mutex_destroy(&run.lock);
    for (size_t r = 0; status && r < count; r++)
        analysis_close(&results[r]);
    return status;
}

void analysis_close(struct analysis *analysis)
{
    fit_release(analysis->fit);
    free(analysis->rank);
    free(analysis->top);
    free(analysis->mass);
    free(analysis->gate);
    for (size_t i = 0; i < ANALYSIS_KS; i++)
        free(analysis->occurrence[i]);
    *analysis = (struct analysis){0};
}
