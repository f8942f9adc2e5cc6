#include "engine/analysis.h"

#include "engine/kernels.h"
#include "engine/memory.h"
#include "engine/pool.h"
#include "engine/topk.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    BLOCK_ROWS = 256,      /* sgemm is slower on fewer rows */
    BLOCK_ROWS_LEAST = 64, /* ... but every worker should get some */
    BLOCKS_WANTED = 8,
    PANEL_ROWS_LEAST = 8,
    PANEL_FLOATS = 4 << 20, /* 16 MB */
    COLUMNS = 2048
};

const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

/* One worker's memory, made when it takes its first block. */
struct bench {
    float *panel;   /* (block rows, M) similarities */
    float *scratch; /* sims_scratch */
    float *row;     /* (M) scores of one query, then their exponentials */
    double *mass;   /* (rules, M) mass of the block at hand */
};

struct run {
    const struct task *task;
    struct analysis *results;
    size_t count, rows; /* rules, rows of a block */
    bool gated;
    double anchor; /* see merge_mass */
    struct bench *bench;
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

static bool bench_open(struct bench *bench, const struct run *run)
{
    size_t m = task_gallery(run->task), columns = m < COLUMNS ? m : COLUMNS;

    if (bench->mass)
        return true;
    if (!bench->panel)
        bench->panel = memory_floats(run->rows * m);
    if (!bench->scratch)
        bench->scratch = memory_floats(sims_scratch(&run->task->s, run->rows, columns));
    if (!bench->row)
        bench->row = memory_floats(m);
    if (bench->panel && bench->scratch && bench->row)
        bench->mass = memory_array(run->count * m, sizeof *bench->mass);
    return bench->mass;
}

static void bench_close(struct bench *bench)
{
    free(bench->panel);
    free(bench->scratch);
    free(bench->row);
    free(bench->mass);
}

/* Rank of the best target, ties averaged; the best is the one with the largest score. */
static double rank_of(const struct task *task, size_t query, const float *score)
{
    uint32_t from = task->target_start[query], to = task->target_start[query + 1];
    size_t better, equal;
    float best = -INFINITY;

    if (from == to)
        return NAN;
    for (uint32_t t = from; t < to; t++)
        best = score[task->target[t]] > best ? score[task->target[t]] : best;
    kernel_count(score, task_gallery(task), best, &better, &equal);
    return 1 + (double)better + (double)(equal - 1) / 2;
}

/* -1 when memory is out. */
static int analyse_row(const struct run *run, struct bench *bench, size_t query, const float *s)
{
    size_t m = task_gallery(run->task);
    struct asker asker = {.task = run->task, .row = query};
    uint32_t top1 = 0;
    float best;

    if (run->gated) {
        struct topk top = topk_make(&best, &top1, 1);
        topk_add(&top, s, m, 0);
    }
    for (size_t r = 0; r < run->count; r++) {
        struct analysis *result = &run->results[r];
        bool open = fit_open(result->fit, top1);
        const float *score = s;
        if (!fit_plain(result->fit, open)) {
            if (fit_score(result->fit, open, &asker, s, bench->row))
                return -1;
            score = bench->row;
        }
        float value[ANALYSIS_TOP];
        struct topk top = topk_make(value, result->top + query * result->top_k, result->top_k);
        topk_add(&top, score, m, 0);
        topk_sort(&top);
        result->rank[query] = rank_of(run->task, query, score);
        if (result->gate)
            result->gate[query] = open;
        if (!result->mass)
            continue;
        float scale = (float)result->fit->scale;
        double sum = kernel_exp(score, m, scale, value[0], bench->row);
        for (size_t j = 0; j < m; j++)
            bench->mass[r * m + j] += (double)bench->row[j] / sum;
    }
    return 0;
}

/* Adds the block's mass to the results, rounded to a multiple of a power of two so small that it
 * does not matter and so large that sums up to Q are exact: their order, and so the number of
 * workers, then leaves no trace. */
static void merge_mass(struct run *run, struct bench *bench)
{
    size_t m = task_gallery(run->task);
    double anchor = run->anchor;

    pthread_mutex_lock(&run->lock);
    for (size_t r = 0; r < run->count; r++) {
        double *total = run->results[r].mass, *part = bench->mass + r * m;
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
    struct bench *bench = &run->bench[worker];
    size_t m = task_gallery(run->task), q = task_queries(run->task);
    size_t first = block * run->rows, rows = q - first < run->rows ? q - first : run->rows;

    if (atomic_load(&run->failed))
        return;
    if (job_cancelled(run->job)) {
        atomic_store(&run->cancelled, true);
        return;
    }
    if (!bench_open(bench, run)) {
        atomic_store(&run->failed, true);
        return;
    }
    for (size_t column = 0; column < m; column += COLUMNS) {
        size_t columns = m - column < COLUMNS ? m - column : COLUMNS;
        sims_block(&run->task->s, first, rows, column, columns, bench->panel + column, m,
                   bench->scratch);
    }
    for (size_t i = 0; i < rows; i++)
        if (analyse_row(run, bench, first + i, bench->panel + i * m)) {
            atomic_store(&run->failed, true);
            return;
        }
    merge_mass(run, bench);
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
    run.bench = memory_array(workers, sizeof *run.bench);
    if (!run.bench)
        goto memory;
    for (size_t r = 0; r < count; r++) {
        if (prepare(task, fits[r], &results[r]))
            goto memory;
        run.gated = run.gated || fits[r]->active;
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
    for (size_t w = 0; run.bench && w < workers; w++)
        bench_close(&run.bench[w]);
    free(run.bench);
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
