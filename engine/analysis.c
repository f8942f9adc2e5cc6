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

#define WEIGHT_LEAST 1e-37 /* a float with all its digits */
#define LEAST_SUM 1e-12    /* of exponentials relative to the largest: below, floats get coarse */

const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

/* One worker's memory, made when it takes its first block. */
struct place {
    float *panel;     /* (block rows, M) similarities */
    float *scratch;   /* sims_scratch */
    float *score;     /* (M) scores of a rule that makes its own */
    float *row;       /* (M) exponentials of one query's logits */
    float *group;     /* (kernel_groups(M)) */
    float *part;      /* (2, rules, M) mass of the last few rows, to be weighted and as it is */
    double *mass;     /* (rules, M) mass of the block at hand */
    uint32_t *counts; /* (counting rules, block rows, M) what rule->count gave for the block */
    struct row *rule; /* (rules) */
};

/* What one rule makes of the query at hand. */
struct row {
    const float *shift; /* added to the similarities, or null: also where the gate is shut */
    bool own;           /* the rule makes its own scores */
    float largest;      /* score */
    bool weighed;       /* its mass has been added, or it has none */
};

struct run {
    const struct task *task;
    struct analysis *results;
    size_t count, rows; /* rules, rows of a block */
    bool gated;
    size_t counting;     /* rules with a count */
    const float **shift; /* (rules) of each rule; the same pointer for equal ones */
    float **weight;      /* (rules) exp(scale * shift), or null */
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
    if (!place->group)
        place->group = memory_floats(kernel_groups(m));
    if (!place->part)
        place->part = memory_array(2 * run->count * m, sizeof *place->part);
    if (!place->counts)
        place->counts = memory_array(run->counting * run->rows * m, sizeof *place->counts);
    if (!place->rule)
        place->rule = memory_array(run->count, sizeof *place->rule);
    if (place->panel && place->scratch && place->row && place->score && place->group &&
        place->part && place->counts && place->rule)
        place->mass = memory_array(run->count * m, sizeof *place->mass);
    return place->mass;
}

static void place_close(struct place *place)
{
    free(place->panel);
    free(place->scratch);
    free(place->row);
    free(place->score);
    free(place->group);
    free(place->part);
    free(place->counts);
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

/* The k best of a row whose groups' largest scores are known: only groups that reach the k-th
 * largest of those can hold one.  With fewer than k groups any can. */
static void list_best(const float *s, const float *shift, size_t m, const float *groups, size_t k,
                      uint32_t *item)
{
    float bound[ANALYSIS_TOP_MOST], value[ANALYSIS_TOP_MOST];
    uint32_t group[ANALYSIS_TOP_MOST];
    size_t count = kernel_groups(m);
    struct topk largest = topk_make(bound, group, k), top = topk_make(value, item, k);

    topk_add(&largest, groups, count, 0);
    float below = largest.count < k ? -INFINITY : nextafterf(bound[0], -INFINITY);
    for (size_t g = 0; g < count; g++) {
        g += kernel_scan(groups + g, count - g, below);
        if (g == count)
            break;
        size_t first = g / KERNEL_LANES * KERNEL_BLOCK, end = first + KERNEL_BLOCK;
        for (size_t j = first + g % KERNEL_LANES; j < m && j < end; j += KERNEL_LANES) {
            float score = shift ? s[j] + shift[j] : s[j];
            if (score > below)
                topk_push(&top, score, (uint32_t)j);
        }
    }
    topk_sort(&top);
}

/* Rank, list and largest score of a query under rule `rule`. */
static float order_row(const struct run *run, struct place *place, size_t rule, size_t query,
                       const float *s, const float *shift)
{
    struct analysis *result = &run->results[rule];
    const struct task *task = run->task;
    float best = best_target(task, query, s, shift);
    size_t m = task_gallery(task), better, equal;

    kernel_set()->count(s, shift, m, best, &better, &equal, place->group);
    bool known = task->target_start[query] < task->target_start[query + 1];
    result->rank[query] = known ? 1 + (double)better + (double)(equal - 1) / 2 : NAN;
    list_best(s, shift, m, place->group, result->top_k, result->top + query * result->top_k);
    return kernel_max(place->group, kernel_groups(m));
}

/* Mass of a rule with scores of its own, which are in place->score. */
static void weigh_own(const struct run *run, struct place *place, size_t rule)
{
    const struct analysis *result = &run->results[rule];
    size_t m = result->gallery;

    if (!result->mass)
        return;
    double sum = kernel_set()->exp(place->score, NULL, m, (float)result->fit->scale,
                                   place->rule[rule].largest, place->row);
    kernel_set()->accumulate(place->row, m, (float)(1 / sum),
                             place->part + (run->count + rule) * m);
}

/* Rank and list of every rule; rules that order this row by the same scores share the work.  -1
 * when memory is out. */
static int order_rules(const struct run *run, struct place *place, size_t query, const float *s)
{
    struct asker asker = {.task = run->task, .row = query};
    size_t k = run->results[0].top_k, m = task_gallery(run->task), row = query % run->rows, counted = 0;
    struct row *rule = place->rule;

    for (size_t r = 0; r < run->count; r++) {
        struct analysis *result = &run->results[r];
        size_t like = 0;
        if (rule[r].own) {
            asker.counts = NULL;
            if (result->fit->spec.rule->count)
                asker.counts = place->counts + (counted++ * run->rows + row) * m;
            if (fit_score(result->fit, true, &asker, s, place->score))
                return -1;
            rule[r].largest = order_row(run, place, r, query, place->score, NULL);
            weigh_own(run, place, r);
            continue;
        }
        while (rule[like].own || rule[like].shift != rule[r].shift)
            like++;
        if (like == r) {
            rule[r].largest = order_row(run, place, r, query, s, rule[r].shift);
            continue;
        }
        rule[r].largest = rule[like].largest;
        result->rank[query] = run->results[like].rank[query];
        memcpy(result->top + query * k, run->results[like].top + query * k,
               k * sizeof *result->top);
    }
    return 0;
}

/* Mass of every rule of the form scale * (S + shift).  Those of one scale share its exponentials E
 * of the similarities alone, since exp(scale * (S + shift)) = E exp(bias): the probabilities' sum
 * is then a product, and the factor exp(bias) of a column waits until the rows are summed. */
static void weigh_rules(const struct run *run, struct place *place, const float *s, float most)
{
    const struct kernel_set *kernel = kernel_set();
    size_t m = task_gallery(run->task);
    struct row *rule = place->rule;

    for (size_t r = 0; r < run->count; r++) {
        float scale = (float)run->results[r].fit->scale;
        if (rule[r].weighed)
            continue;
        double sum = kernel->exp(s, NULL, m, scale, most, place->row);
        for (size_t other = r; other < run->count; other++) {
            if (rule[other].weighed || (float)run->results[other].fit->scale != scale)
                continue;
            const float *weight = rule[other].shift ? run->weight[other] : NULL;
            size_t part = (weight ? other : run->count + other) * m;
            double total = weight ? kernel->dot(place->row, weight, m) : sum;
            rule[other].weighed = total >= LEAST_SUM;
            if (rule[other].weighed)
                kernel->accumulate(place->row, m, (float)(1 / total), place->part + part);
        }
        if (!rule[r].weighed) { /* what counts is too far below the best similarity */
            double own = kernel->exp(s, rule[r].shift, m, scale, rule[r].largest, place->row);
            kernel->accumulate(place->row, m, (float)(1 / own), place->part + (run->count + r) * m);
            rule[r].weighed = true;
        }
    }
}

static int analyse_row(const struct run *run, struct place *place, size_t query, const float *s)
{
    size_t m = task_gallery(run->task);
    float most = kernel_max(s, m);
    uint32_t top1 = run->gated ? (uint32_t)kernel_scan(s, m, nextafterf(most, -INFINITY)) : 0;

    for (size_t r = 0; r < run->count; r++) {
        struct analysis *result = &run->results[r];
        bool open = fit_open(result->fit, top1), own = result->fit->spec.rule->score;
        place->rule[r] = (struct row){
            .shift = open ? run->shift[r] : NULL, .own = own, .weighed = own || !result->mass};
        if (result->gate)
            result->gate[query] = open;
    }
    if (order_rules(run, place, query, s))
        return -1;
    weigh_rules(run, place, s, most);
    return 0;
}

/* Floats are summed over a few rows only. */
static void keep_part(const struct run *run, struct place *place)
{
    size_t m = task_gallery(run->task);

    for (size_t r = 0; r < run->count; r++) {
        const float *weight = run->weight[r];
        float *weighted = place->part + r * m, *whole = place->part + (run->count + r) * m;
        double *mass = place->mass + r * m;
        for (size_t j = 0; j < m; j++) {
            mass[j] += (double)whole[j];
            whole[j] = 0;
        }
        for (size_t j = 0; weight && j < m; j++) {
            mass[j] += (double)weighted[j] * (double)weight[j];
            weighted[j] = 0;
        }
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
    for (size_t r = 0, counted = 0; r < run->count; r++) {
        const struct fit *fit = run->results[r].fit;
        if (fit->spec.rule->count)
            fit->spec.rule->count(fit, run->task, first, rows, place->panel,
                                  place->counts + counted++ * run->rows * m);
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

static float *weights_of(const struct fit *fit)
{
    float *weight = memory_floats(fit->m);

    for (size_t j = 0; weight && j < fit->m; j++) {
        double exact = exp(fit->scale * (double)fit->shift[j]);
        weight[j] = exact < WEIGHT_LEAST ? 0 : (float)exact;
    }
    return weight;
}

static int prepare(const struct task *task, struct fit *fit, size_t top, struct analysis *result)
{
    size_t q = task_queries(task), m = task_gallery(task);

    result->fit = fit_keep(fit);
    result->queries = q;
    result->gallery = m;
    result->top_k = m < top ? m : top;
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

int analysis_occurrence(const struct analysis *analysis, size_t k, uint32_t *occurrence, struct hubness *hubness)
{
    size_t q = analysis->queries, m = analysis->gallery, places = k < analysis->top_k ? k : analysis->top_k;

    for (size_t j = 0; j < m; j++)
        occurrence[j] = 0;
    for (size_t query = 0; query < q; query++)
        for (size_t place = 0; place < places; place++)
            occurrence[analysis->top[query * analysis->top_k + place]]++;
    return hubness_of(occurrence, m, k, q, hubness);
}

static int summarise(struct analysis *result)
{
    size_t q = result->queries, m = result->gallery;

    for (size_t i = 0; i < ANALYSIS_KS; i++)
        if (analysis_occurrence(result, analysis_k[i], result->occurrence[i], &result->hubness[i]))
            return -1;
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
    return analysis_run_top(task, fits, count, ANALYSIS_TOP, results, job, error);
}

int analysis_run_top(const struct task *task, struct fit *const *fits, size_t count, size_t top,
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
    run.weight = memory_array(count, sizeof *run.weight);
    if (!run.place || !run.shift || !run.weight)
        goto memory;
    for (size_t r = 0; r < count; r++) {
        if (prepare(task, fits[r], top, &results[r]))
            goto memory;
        run.gated = run.gated || fits[r]->active;
        run.counting += fits[r]->spec.rule->count != NULL;
        run.shift[r] = fits[r]->shift;
        for (size_t other = 0; other < r && run.shift[r]; other++)
            if (run.shift[other] && memcmp(run.shift[other], run.shift[r], m * sizeof(float)) == 0)
                run.shift[r] = run.shift[other];
        if (run.shift[r] && results[r].mass && !(run.weight[r] = weights_of(fits[r])))
            goto memory;
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
    for (size_t r = 0; run.weight && r < count; r++)
        free(run.weight[r]);
    free(run.weight);
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
