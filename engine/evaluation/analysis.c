#include "engine/evaluation/analysis.h"

#include "engine/matrices/tiles.h"
#include "engine/base/memory.h"
#include "engine/evaluation/panel.h"
#include "engine/base/pool.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

struct run {
    struct panel_plan plan;
    double anchor;       /* see merge_mass */
    struct panel *panel; /* (workers) */
    struct job *job;
    pthread_mutex_t lock;
    atomic_bool cancelled, failed;
};

/* Adds the panel's mass to the results, rounded to a multiple of a power of two so small that it
 * does not matter and so large that sums up to Q are exact: their order, and so the number of
 * workers, then leaves no trace. */
static void merge_mass(struct run *run, struct panel *panel)
{
    size_t m = task_gallery(run->plan.task);
    double anchor = run->anchor;

    pthread_mutex_lock(&run->lock);
    for (size_t r = 0; r < run->plan.rules; r++) {
        double *total = run->plan.results[r].mass, *part = panel->mass + r * m;
        for (size_t j = 0; total && j < m; j++) {
            total[j] += (part[j] + anchor) - anchor;
            part[j] = 0;
        }
    }
    pthread_mutex_unlock(&run->lock);
}

static void analyse_panel(void *context, size_t index, size_t worker)
{
    struct run *run = context;
    struct panel *panel = &run->panel[worker];
    struct span queries = tiles_span(index, run->plan.rows, task_queries(run->plan.task));

    if (atomic_load(&run->failed))
        return;
    if (job_cancelled(run->job)) {
        atomic_store(&run->cancelled, true);
        return;
    }
    if (!panel_open(panel, &run->plan) ||
        panel_analyse(panel, &run->plan, queries.start, queries.count)) {
        atomic_store(&run->failed, true);
        return;
    }
    merge_mass(run, panel);
    job_step(run->job);
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
    struct run run = {.plan = {.task = task, .results = results, .rules = count}, .job = job};
    int status = -1, exponent;

    for (size_t r = 0; r < count; r++)
        results[r] = (struct analysis){0};
    if (m == 0)
        return error_set(error, ERROR_INPUT, "the gallery is empty: there is nothing to rank");
    frexp((double)q, &exponent); /* Q < 2^exponent */
    run.anchor = ldexp(1.5, exponent);
    pthread_mutex_init(&run.lock, NULL);
    run.panel = memory_array(workers, sizeof *run.panel);
    if (!run.panel)
        goto memory;
    for (size_t r = 0; r < count; r++)
        if (prepare(task, fits[r], top, &results[r]))
            goto memory;
    if (panel_plan_open(&run.plan))
        goto memory;
    if (count > 0) {
        size_t panels = tiles_ceil(q, run.plan.rows);
        job_expect(job, panels);
        pool_run(panels, analyse_panel, &run);
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
    for (size_t w = 0; run.panel && w < workers; w++)
        panel_close(&run.panel[w]);
    free(run.panel);
    panel_plan_close(&run.plan);
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
