#include "engine/evaluation/mass_samples.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/panel_cut.h"
#include "engine/evaluation/resample.h"
#include "engine/kernels/denormal.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    ROWS = 10 * GEMM_GROUP, /* queries of a panel; fewer where memory is tight */
    STRIP = GEMM_GROUP,     /* rows that a worker fills at a time */
    TILE_SAMPLES = 10 * GEMM_GROUP,
    TILE_ITEMS = 1024,
    CHUNK = 16 /* samples that a worker draws or measures at a time */
};

/* One worker's memory. */
struct scratch {
    float *s;         /* (STRIP, M) similarities */
    float *product;   /* panel_cut_scratch */
    float *score;     /* (M) */
    double *mass;     /* (M) of one sample */
    uint32_t *weight; /* (Q) */
};

/* What fits the memory. */
struct plan {
    size_t rows;   /* of a panel */
    size_t block;  /* samples whose mass is kept at a time; 0: none fit */
    size_t rules;  /* whose mass is kept at a time */
    size_t needed; /* bytes, if none fit */
};

struct run {
    const struct task *task;
    size_t count;                  /* rules with mass */
    const struct fit **fit;        /* (count) */
    struct mass_samples **results; /* (count) */
    struct panel_cut cut;          /* its products */
    struct plan plan;
    size_t samples;
    uint64_t seed;
    float *weight; /* (block, Q) how often each sample drew each query */
    float *cell;   /* (rules, rows, M) probabilities of a panel */
    float *mass;   /* (rules, block, M) */
    struct scratch *scratch;
    bool together; /* a crew that splits the gallery computes the similarities together: */
    struct sims_split split;
    float *strip; /* (STRIP, M) these */
    struct job *job;
    atomic_bool failed;  /* out of memory */
    bool lost;           /* another process has failed */
    struct error *error; /* its; the caller's */

    /* the current pass, and its panel */
    size_t first_rule, rules; /* rules: at most plan.rules */
    struct span block;        /* samples */
    struct span panel;        /* queries */
    size_t first_row;         /* of the strip in its panel */
};

static size_t gallery(const struct run *run)
{
    return task_gallery(run->task);
}

static float *cells_of(const struct run *run, size_t rule)
{
    return run->cell + rule * run->plan.rows * gallery(run);
}

static float *mass_of(const struct run *run, size_t rule, size_t sample)
{
    return run->mass + (rule * run->plan.block + sample) * gallery(run);
}

/* ---- the steps of a pass, each cut into chunks for the workers ---- */

static void draw_chunk(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    struct span part = tiles_span(chunk, CHUNK, run->block.count);
    size_t q = task_queries(run->task);
    uint32_t *weight = run->scratch[worker].weight;

    for (size_t i = part.start; i < part.start + part.count; i++) {
        resample_rows(run->seed, run->block.start + i, q, weight);
        for (size_t row = 0; row < q; row++)
            run->weight[i * q + row] = (float)weight[row];
    }
}

/* The probabilities of a query's items under a rule into out (M), from its similarities s (M) of which `most` is the
 * largest.  -1 when out of memory. */
static int put_probabilities(const struct run *run, const struct fit *fit, size_t query, const float *s, float most,
                             float *score, float *out)
{
    size_t m = gallery(run);
    bool gated = fit->active || fit->spec.rule->score;
    uint32_t top1 = gated ? (uint32_t)kernel_scan(s, m, nextafterf(most, -INFINITY)) : 0;
    const struct asker asker = {.task = run->task, .row = query, .top1 = top1};

    if (!fit_plain(fit, fit_open(fit, top1))) {
        if (fit_score(fit, fit_open(fit, top1), &asker, s, score))
            return -1;
        s = score;
        most = kernel_max(score, m);
    }
    float factor = (float)(1 / kernel_exp(s, m, (float)fit->scale, most, out));
    for (size_t j = 0; j < m; j++)
        out[j] *= factor;
    return 0;
}

/* Fills in a row of the panel from its similarities s (M). */
static void fill_row(struct run *run, size_t row, const float *s, float *score)
{
    size_t m = gallery(run);
    float most = kernel_max(s, m);

    for (size_t r = 0; r < run->rules; r++)
        if (put_probabilities(run, run->fit[run->first_rule + r], run->panel.start + row, s, most, score,
                              cells_of(run, r) + row * m))
            atomic_store(&run->failed, true);
}

static void fill_strip(void *context, size_t strip, size_t worker)
{
    struct run *run = context;
    const struct scratch *scratch = &run->scratch[worker];
    struct span rows = tiles_span(strip, STRIP, run->panel.count);
    size_t m = gallery(run);

    if (atomic_load(&run->failed) || job_cancelled(run->job))
        return;
    panel_cut_multiply(&run->cut, run->task, run->panel.start + rows.start, rows.count, scratch->s, scratch->product);
    unsigned kept = denormal_off();
    for (size_t i = 0; i < rows.count; i++)
        fill_row(run, rows.start + i, scratch->s + i * m, scratch->score);
    denormal_restore(kept);
}

static void fill_split_row(void *context, size_t row, size_t worker)
{
    struct run *run = context;
    unsigned kept = denormal_off();

    if (!atomic_load(&run->failed) && !job_cancelled(run->job))
        fill_row(run, run->first_row + row, run->strip + row * gallery(run), run->scratch[worker].score);
    denormal_restore(kept);
}

/* The whole panel, strip by strip, as every process needs all rows. */
static void fill_together(struct run *run)
{
    for (size_t strip = 0; strip < tiles_ceil(run->panel.count, STRIP) && !run->lost; strip++) {
        struct span rows = tiles_span(strip, STRIP, run->panel.count);
        run->first_row = rows.start;
        rows.start += run->panel.start;
        run->lost = sims_split_rows(&run->split, rows, run->strip, gallery(run), NULL, run->error);
        if (!run->lost)
            pool_run(rows.count, fill_split_row, run);
    }
}

/* Adds the panel's probabilities to a tile of the mass under one rule. */
static void add_tile(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    size_t m = gallery(run), q = task_queries(run->task), across = tiles_ceil(m, TILE_ITEMS);
    size_t down = tiles_ceil(run->block.count, TILE_SAMPLES), rule = chunk / (across * down);
    struct span sample = tiles_span(chunk / across % down, TILE_SAMPLES, run->block.count);
    struct span item = tiles_span(chunk % across, TILE_ITEMS, m);
    unsigned kept = denormal_off();

    (void)worker;
    if (!job_cancelled(run->job))
        (run->panel.start ? gemm_plain_add : gemm_plain)(
            sample.count, item.count, run->panel.count, run->weight + sample.start * q + run->panel.start, q,
            cells_of(run, rule) + item.start, m, mass_of(run, rule, sample.start) + item.start, m);
    denormal_restore(kept);
}

static void measure_chunk(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    size_t m = gallery(run), chunks = tiles_ceil(run->block.count, CHUNK), rule = chunk / chunks;
    struct span part = tiles_span(chunk % chunks, CHUNK, run->block.count);
    double *mass = run->scratch[worker].mass;

    for (size_t i = part.start; i < part.start + part.count; i++) {
        for (size_t j = 0; j < m; j++)
            mass[j] = mass_of(run, rule, i)[j];
        run->results[run->first_rule + rule]->sample[run->block.start + i] =
            mass_measures_of(mass, m, task_queries(run->task));
    }
}

static bool goes_on(const struct run *run)
{
    return !job_cancelled(run->job) && !atomic_load(&run->failed) && !run->lost;
}

static void run_pass(struct run *run)
{
    size_t tiles = tiles_ceil(run->block.count, TILE_SAMPLES) * tiles_ceil(gallery(run), TILE_ITEMS);
    size_t panels = tiles_ceil(task_queries(run->task), run->plan.rows);

    pool_run(tiles_ceil(run->block.count, CHUNK), draw_chunk, run);
    for (size_t p = 0; p < panels && goes_on(run); p++) {
        run->panel = tiles_span(p, run->plan.rows, task_queries(run->task));
        if (run->together)
            fill_together(run);
        else
            pool_run(tiles_ceil(run->panel.count, STRIP), fill_strip, run);
        pool_run(run->rules * tiles, add_tile, run);
        job_step(run->job);
    }
    if (goes_on(run))
        pool_run(run->rules * tiles_ceil(run->block.count, CHUNK), measure_chunk, run);
}

/* ---- */

/* Prefers all samples of one rule at once, then several rules, as either saves passes over the similarities. */
static struct plan plan_of(const struct task *task, size_t samples, size_t count, size_t memory)
{
    size_t m = task_gallery(task), q = task_queries(task), wide = m * sizeof(float);
    size_t worker = (STRIP + 3) * wide + (panel_cut_scratch(task, STRIP) + q) * sizeof(float);
    size_t each = wide + q * sizeof(float); /* of a sample */
    size_t least = samples < GEMM_GROUP ? samples : GEMM_GROUP;
    struct plan plan = {.rows = ROWS, .rules = 1};
    size_t fixed = plan.rows * wide + pool_workers() * worker;

    while (plan.rows > STRIP && (plan.rows * wide > memory / 4 || fixed + least * each > memory)) {
        plan.rows -= STRIP;
        fixed -= STRIP * wide;
    }
    size_t rest = memory > fixed ? memory - fixed : 0;
    if (rest / each >= samples) {
        plan.block = samples;
        plan.rules += (rest - samples * each) / ((samples + plan.rows) * wide);
        plan.rules = plan.rules < count ? plan.rules : count;
    } else if (rest / each >= least) {
        plan.block = rest / each / GEMM_GROUP * GEMM_GROUP;
    } else {
        plan.needed = fixed + least * each;
    }
    return plan;
}

static int prepare(struct run *run)
{
    size_t m = gallery(run), q = task_queries(run->task), workers = pool_workers();
    const struct plan *plan = &run->plan;

    run->weight = memory_floats(plan->block * q);
    run->cell = memory_floats(plan->rules * plan->rows * m);
    run->mass = memory_floats(plan->rules * plan->block * m);
    run->scratch = memory_array(workers, sizeof *run->scratch);
    if (!run->weight || !run->cell || !run->mass || !run->scratch)
        return -1;
    for (size_t w = 0; w < workers; w++) {
        struct scratch *scratch = &run->scratch[w];
        scratch->s = memory_floats(STRIP * m);
        scratch->product = memory_floats(panel_cut_scratch(run->task, STRIP));
        scratch->score = memory_floats(m);
        scratch->mass = memory_array(m, sizeof *scratch->mass);
        scratch->weight = memory_array(q, sizeof *scratch->weight);
        if (!scratch->s || !scratch->product || !scratch->score || !scratch->mass || !scratch->weight)
            return -1;
    }
    if (!run->together)
        return 0;
    const struct sims_cut cut = panel_cut_products(&run->cut);
    run->strip = memory_floats(STRIP * m);
    return run->strip && sims_split_open(&run->split, &run->task->s, cut, STRIP, run->job) ? 0 : -1;
}

static void run_close(struct run *run)
{
    for (size_t w = 0; run->scratch && w < pool_workers(); w++) {
        free(run->scratch[w].s);
        free(run->scratch[w].product);
        free(run->scratch[w].score);
        free(run->scratch[w].mass);
        free(run->scratch[w].weight);
    }
    sims_split_close(&run->split);
    free(run->strip);
    free(run->scratch);
    free(run->weight);
    free(run->cell);
    free(run->mass);
    free(run->fit);
    free(run->results);
}

static int run_all(struct run *run, struct error *error)
{
    const struct plan *plan = &run->plan;
    size_t groups = tiles_ceil(run->count, plan->rules), blocks = tiles_ceil(run->samples, plan->block);

    if (prepare(run))
        return error_memory(error);
    job_expect(run->job, groups * blocks * tiles_ceil(task_queries(run->task), plan->rows));
    for (size_t group = 0; group < groups; group++)
        for (size_t b = 0; b < blocks && goes_on(run); b++) {
            struct span part = tiles_span(group, plan->rules, run->count);
            run->first_rule = part.start;
            run->rules = part.count;
            run->block = tiles_span(b, plan->block, run->samples);
            run_pass(run);
        }
    if (run->lost)
        return -1;
    if (atomic_load(&run->failed))
        return error_memory(error);
    return job_cancelled(run->job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

/* The measures of all queries, and room for those of the samples.  -1 when out of memory. */
static int begin(const struct analysis *analysis, struct mass_samples *result)
{
    double *mass = memory_array(analysis->gallery, sizeof *mass);

    result->sample = memory_array(result->samples, sizeof *result->sample);
    result->sampling = MASS_SAMPLED;
    if (mass && result->sample) {
        memcpy(mass, analysis->mass, analysis->gallery * sizeof *mass);
        result->all = mass_measures_of(mass, analysis->gallery, analysis->queries);
    }
    free(mass);
    return mass && result->sample ? 0 : -1;
}

/* Lists the analyses that have mass in run->fit and run->results, and plans for them.  -1 when out of memory. */
static int choose(struct run *run, const struct analysis *const *analyses, size_t count, struct mass_samples *results)
{
    run->fit = memory_array(count, sizeof *run->fit);
    run->results = memory_array(count, sizeof *run->results);
    if (!run->fit || !run->results)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (analyses[i]->mass && run->samples && analyses[i]->queries) {
            run->fit[run->count] = analyses[i]->fit;
            run->results[run->count++] = &results[i];
        }
    run->plan = plan_of(run->task, run->samples, run->count, fit_memory());
    for (size_t i = 0; i < count; i++) {
        if (!analyses[i]->mass || !run->samples || !analyses[i]->queries)
            continue;
        results[i].needed = run->plan.needed;
        results[i].sampling = MASS_TOO_LARGE;
        if (run->plan.block && begin(analyses[i], &results[i]))
            return -1;
    }
    return 0;
}

int mass_samples_draw(const struct task *task, const struct analysis *const *analyses, size_t count, size_t samples,
                      uint64_t seed, struct mass_samples *results, struct job *job, struct error *error)
{
    struct run run = {.task = task,
                      .cut = panel_cut_of(task, 0, 0),
                      .samples = samples,
                      .seed = seed,
                      .job = job,
                      .error = error,
                      .together = sims_split_wanted(&task->s)};
    int status = 0;

    for (size_t i = 0; i < count; i++)
        results[i] = (struct mass_samples){.samples = samples, .seed = seed, .sampling = MASS_NONE};
    if (choose(&run, analyses, count, results))
        status = error_memory(error);
    else if (run.count && run.plan.block)
        status = run_all(&run, error);
    run_close(&run);
    for (size_t i = 0; status && i < count; i++)
        mass_samples_close(&results[i]);
    return status;
}

void mass_samples_close(struct mass_samples *samples)
{
    free(samples->sample);
    *samples = (struct mass_samples){0};
}
