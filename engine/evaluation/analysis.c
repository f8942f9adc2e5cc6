#include "engine/evaluation/analysis.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/evaluation/by_video.h"
#include "engine/evaluation/panel.h"
#include "engine/evaluation/precision.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { NDCG_PLACES = 10 };
const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

_Static_assert((int)ANALYSIS_TOP_MOST <= (int)PANEL_TOP_MOST, "the pass makes lists of any length asked for");

struct run {
    struct panels *panels;
    struct job *job;
    atomic_bool cancelled, failed;
};

static void analyse_panel(void *context, size_t index, size_t worker)
{
    struct run *run = context;

    if (atomic_load(&run->failed))
        return;
    if (job_cancelled(run->job))
        atomic_store(&run->cancelled, true);
    else if (panels_analyse(run->panels, index, worker))
        atomic_store(&run->failed, true);
    else
        job_step(run->job);
}

static int prepare(const struct task *task, struct fit *fit, size_t top, struct analysis *result)
{
    size_t q = task_queries(task), m = task_items(task);

    result->fit = fit_keep(fit);
    result->queries = q;
    result->gallery = m;
    result->videos = task->videos;
    result->top_k = m < top ? m : top;
    result->rank = memory_array(q, sizeof *result->rank);
    result->top = memory_array(q * result->top_k, sizeof *result->top);
    if (!result->rank || !result->top)
        return -1;
    if (!fit->spec.rule->order_only && !task->videos && !(result->mass = memory_array(m, sizeof *result->mass)))
        return -1;
    if (task->several && !task->videos) {
        result->precision = memory_array(q, sizeof *result->precision);
        result->ndcg = memory_array(q, sizeof *result->ndcg);
        if (!result->precision || !result->ndcg)
            return -1;
    }
    if (fit->active && !(result->gate = memory_array(q, sizeof *result->gate)))
        return -1;
    if (fit->gallery_active && !(result->gallery_gate = memory_array(q, sizeof *result->gallery_gate)))
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

/* NAN without a gate or queries. */
static double open_share(const uint8_t *gate, size_t queries)
{
    size_t open = 0;

    for (size_t query = 0; gate && query < queries; query++)
        open += gate[query];
    return gate && queries ? (double)open / (double)queries : NAN;
}

/* Means over the queries that have targets, in percent. */
static void measure_several(const struct task *task, struct analysis *result)
{
    double precision = 0, ndcg = 0, queries = 0;

    for (size_t q = 0; q < result->queries; q++) {
        result->ndcg[q] = NAN;
        if (isnan(result->precision[q]))
            continue;
        result->ndcg[q] = precision_ndcg(task, q, result->top + q * result->top_k, NDCG_PLACES);
        precision += result->precision[q];
        ndcg += result->ndcg[q];
        queries++;
    }
    result->metrics.map = 100 * precision / queries;
    result->metrics.ndcg = 100 * ndcg / queries;
}

static int summarise(const struct task *task, struct analysis *result)
{
    size_t q = result->queries, m = result->gallery;

    for (size_t i = 0; i < ANALYSIS_KS; i++)
        if (analysis_occurrence(result, analysis_k[i], result->occurrence[i], &result->hubness[i]))
            return -1;
    result->gate_rate = open_share(result->gate, q);
    result->gallery_gate_rate = open_share(result->gallery_gate, q);
    result->mass_summary = (struct mass_summary){NAN, NAN, NAN, NAN};
    if (result->mass)
        result->mass_summary = mass_summary_of(result->mass, m, q);
    if (metrics_of(result->rank, q, &result->metrics))
        return -1;
    if (result->precision)
        measure_several(task, result);
    return 0;
}

/* Runs the pass into prepared results. */
static int run_pass(const struct task *task, size_t count, struct analysis *results, struct job *job,
                    struct error *error)
{
    struct panel_result *wanted = memory_array(count, sizeof *wanted);
    struct run run = {.job = job};

    if (!wanted)
        return error_memory(error);
    for (size_t r = 0; r < count; r++)
        wanted[r] = (struct panel_result){.fit = results[r].fit,
                                          .rank = results[r].rank,
                                          .top_k = results[r].top_k,
                                          .top = results[r].top,
                                          .precision = results[r].precision,
                                          .gate = results[r].gate,
                                          .gallery_gate = results[r].gallery_gate,
                                          .mass = results[r].mass};
    if (task->videos) {
        int status = by_video_run(task, wanted, count, job, error);
        free(wanted);
        return status;
    }
    run.panels = panels_open(task, wanted, count, pool_workers());
    run.failed = !run.panels;
    if (run.panels && count > 0) {
        job_expect(job, panels_count(run.panels));
        pool_run(panels_count(run.panels), analyse_panel, &run);
    }
    panels_close(run.panels);
    free(wanted);
    if (run.failed)
        return error_memory(error);
    return run.cancelled ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}

int analysis_run(const struct task *task, struct fit *const *fits, size_t count, struct analysis *results,
                 struct job *job, struct error *error)
{
    return analysis_run_top(task, fits, count, ANALYSIS_TOP, results, job, error);
}

int analysis_run_top(const struct task *task, struct fit *const *fits, size_t count, size_t top,
                     struct analysis *results, struct job *job, struct error *error)
{
    bool memory = true;

    for (size_t r = 0; r < count; r++)
        results[r] = (struct analysis){0};
    if (task_gallery(task) == 0)
        return error_set(error, ERROR_INPUT, "the gallery is empty: nothing to rank");
    for (size_t r = 0; memory && r < count; r++)
        memory = !prepare(task, fits[r], top, &results[r]);
    if (!memory) {
        error_memory(error);
        goto fail;
    }
    if (run_pass(task, count, results, job, error))
        goto fail;
    for (size_t r = 0; memory && r < count; r++)
        memory = !summarise(task, &results[r]);
    if (memory)
        return 0;
    error_memory(error);
fail:
    for (size_t r = 0; r < count; r++)
        analysis_close(&results[r]);
    return -1;
}

void analysis_close(struct analysis *analysis)
{
    fit_release(analysis->fit);
    free(analysis->rank);
    free(analysis->top);
    free(analysis->mass);
    free(analysis->precision);
    free(analysis->ndcg);
    free(analysis->gate);
    free(analysis->gallery_gate);
    for (size_t i = 0; i < ANALYSIS_KS; i++)
        free(analysis->occurrence[i]);
    *analysis = (struct analysis){0};
}
