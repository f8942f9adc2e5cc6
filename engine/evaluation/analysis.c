#include "engine/evaluation/analysis.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/evaluation/by_video.h"
#include "engine/evaluation/panel.h"
#include "engine/evaluation/panel_cut.h"
#include "engine/evaluation/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NDCG_PLACES = 10 };
const size_t analysis_k[ANALYSIS_KS] = {1, 5, 10};

_Static_assert((int)ANALYSIS_TOP_MOST <= (int)PANEL_TOP_MOST, "the pass makes lists of any length asked for");

static int prepare(const struct task *task, struct fit *fit, size_t top, struct analysis *result)
{
    size_t q = task_queries(task), m = task_items(task);

    result->fit = fit_keep(fit);
    result->queries = q;
    result->gallery = m;
    result->videos = task->videos;
    if (task->direction == T2V && task->query_row) {
        if (!(result->query = memory_array(q, sizeof *result->query)))
            return -1;
        memcpy(result->query, task->query_row, q * sizeof *result->query);
    }
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

size_t analysis_place(const struct analysis *analysis, size_t query)
{
    size_t from = 0, end = analysis->queries;

    if (!analysis->query)
        return query;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (analysis->query[middle] < query)
            from = middle + 1;
        else
            end = middle;
    }
    return from < analysis->queries && analysis->query[from] == query ? from : SIZE_MAX;
}

double analysis_rank(const struct analysis *analysis, size_t query)
{
    size_t place = analysis_place(analysis, query);

    return place == SIZE_MAX ? NAN : analysis->rank[place];
}

int analysis_occurrence(const struct analysis *analysis, size_t k, uint32_t *occurrence, struct hubness *hubness)
{
    size_t q = analysis->queries, m = analysis->gallery, places = k < analysis->top_k ? k : analysis->top_k;

    for (size_t j = 0; j < m; j++)
        occurrence[j] = 0;
    for (size_t query = 0; query < q; query++)
        for (size_t place = 0; place < places; place++)
            occurrence[analysis->top[query * analysis->top_k + place]]++;
    return hubness_within(occurrence, analysis->subset ? analysis->subset->item : NULL, m, k, q, hubness);
}

/* Of the queries asked; NAN without a gate or queries. */
static double open_share(const struct analysis *analysis, const uint8_t *gate)
{
    size_t open = 0, asked = 0;

    for (size_t query = 0; gate && query < analysis->queries; query++) {
        if (!subset_asks(analysis->subset, analysis_query(analysis, query)))
            continue;
        open += gate[query];
        asked++;
    }
    return asked ? (double)open / (double)asked : NAN;
}

/* Means over the queries that have targets, in percent. */
static void average_judged(struct analysis *result)
{
    double precision = 0, ndcg = 0, queries = 0;

    for (size_t q = 0; q < result->queries; q++) {
        if (isnan(result->precision[q]))
            continue;
        precision += result->precision[q];
        ndcg += result->ndcg[q];
        queries++;
    }
    result->metrics.map = 100 * precision / queries;
    result->metrics.ndcg = 100 * ndcg / queries;
}

static void measure_ndcg(const struct task *task, struct analysis *result)
{
    for (size_t q = 0; q < result->queries; q++)
        result->ndcg[q] =
            isnan(result->precision[q]) ? NAN : precision_ndcg(task, q, result->top + q * result->top_k, NDCG_PLACES);
}

static int summarise(struct analysis *result)
{
    size_t q = result->queries, m = result->gallery;

    for (size_t i = 0; i < ANALYSIS_KS; i++)
        if (analysis_occurrence(result, analysis_k[i], result->occurrence[i], &result->hubness[i]))
            return -1;
    result->gate_rate = open_share(result, result->gate);
    result->gallery_gate_rate = open_share(result, result->gallery_gate);
    result->mass_summary = (struct mass_summary){NAN, NAN, NAN, NAN};
    if (result->mass)
        result->mass_summary = mass_summary_within(result->mass, result->subset ? result->subset->item : NULL, m, q);
    if (metrics_of(result->rank, q, &result->metrics))
        return -1;
    if (result->precision)
        average_judged(result);
    return 0;
}

int analysis_narrow(struct analysis *analysis, const struct subset *subset)
{
    analysis->subset = subset;
    for (size_t q = 0; q < analysis->queries; q++) {
        if (subset_asks(subset, analysis_query(analysis, q)))
            continue;
        analysis->rank[q] = NAN;
        if (analysis->precision)
            analysis->precision[q] = analysis->ndcg[q] = NAN;
    }
    return summarise(analysis);
}

/* Replaces a borrowed array by a copy; false when out of memory. */
static bool own_array(void *array, size_t count, size_t size)
{
    void **place = array, *copy = *place ? memory_array(count, size) : NULL;

    if (!*place)
        return true;
    if (copy)
        memcpy(copy, *place, count * size);
    *place = copy;
    return copy;
}

int analysis_copy(struct analysis *copy, const struct analysis *analysis)
{
    size_t q = analysis->queries, m = analysis->gallery;
    bool made;

    *copy = *analysis;
    copy->fit = fit_keep(analysis->fit);
    made = own_array(&copy->rank, q, sizeof *copy->rank);
    made = own_array(&copy->query, q, sizeof *copy->query) && made;
    made = own_array(&copy->top, q * copy->top_k, sizeof *copy->top) && made;
    made = own_array(&copy->mass, m, sizeof *copy->mass) && made;
    made = own_array(&copy->precision, q, sizeof *copy->precision) && made;
    made = own_array(&copy->ndcg, q, sizeof *copy->ndcg) && made;
    made = own_array(&copy->gate, q, sizeof *copy->gate) && made;
    made = own_array(&copy->gallery_gate, q, sizeof *copy->gallery_gate) && made;
    for (size_t i = 0; i < ANALYSIS_KS; i++)
        made = own_array(&copy->occurrence[i], m, sizeof *copy->occurrence[i]) && made;
    if (made)
        return 0;
    analysis_close(copy);
    return -1;
}

void analysis_arrays(const struct analysis *analysis, struct analysis_array arrays[ANALYSIS_ARRAYS])
{
    const struct analysis_array all[ANALYSIS_ARRAYS] = {
        {"rank", analysis->rank, sizeof *analysis->rank},
        {"top", analysis->top, analysis->top_k * sizeof *analysis->top},
        {"precision", analysis->precision, sizeof *analysis->precision},
        {"gate", analysis->gate, sizeof *analysis->gate},
        {"gate2", analysis->gallery_gate, sizeof *analysis->gallery_gate},
    };

    memcpy(arrays, all, sizeof all);
}

/* Completes what the pass found with what it found in the other processes' queries. */
static int join(struct analysis *result, struct error *error)
{
    struct analysis_array arrays[ANALYSIS_ARRAYS];

    analysis_arrays(result, arrays);
    for (size_t i = 0; i < ANALYSIS_ARRAYS; i++)
        if (arrays[i].array && panel_cut_join(arrays[i].array, result->queries, arrays[i].bytes, error))
            return -1;
    return result->mass ? crew_sum(result->mass, result->gallery, error) : 0; /* exact: see panel_plan.h */
}

int analysis_open(const struct task *task, struct fit *fit, size_t top, struct analysis *analysis)
{
    *analysis = (struct analysis){0};
    return prepare(task, fit, top, analysis);
}

int analysis_complete(const struct task *task, struct analysis *analysis)
{
    if (analysis->precision)
        measure_ndcg(task, analysis);
    return summarise(analysis);
}

/* Runs the pass into prepared results. */
static int run_pass(const struct task *task, size_t count, struct analysis *results, struct job *job,
                    struct error *error)
{
    struct panel_result *wanted = memory_array(count, sizeof *wanted);
    int status = 0;

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
    if (task->videos)
        status = by_video_run(task, wanted, count, job, error);
    else if (count && panels_run(task, wanted, count, job))
        status = error_memory(error);
    else if (count && job_cancelled(job))
        status = error_set(error, ERROR_CANCELLED, "cancelled");
    free(wanted);
    for (size_t r = 0; r < count && !status; r++)
        status = join(&results[r], error);
    return status;
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
    if (count && task_check(task, job, error))
        return -1;
    for (size_t r = 0; memory && r < count; r++)
        memory = !prepare(task, fits[r], top, &results[r]);
    if (!memory) {
        error_memory(error);
        goto fail;
    }
    if (run_pass(task, count, results, job, error))
        goto fail;
    for (size_t r = 0; memory && r < count; r++)
        memory = !analysis_complete(task, &results[r]);
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
    free(analysis->query);
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
