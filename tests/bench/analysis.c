#include "engine/evaluation/analysis.h"
#include "tests/bench/workload.h"

#include <stdio.h>

static int analyse(void *context, struct error *error)
{
    struct load *load = context;
    struct analysis results[LOAD_RULES];

    if (analysis_run(&load->task, load->fit, load->fits, results, NULL, error))
        return -1;
    for (size_t i = 0; i < load->fits; i++)
        analysis_close(&results[i]);
    return 0;
}

/* Bytes that a panel of similarities may take. */
static size_t panel_most(const struct load *load)
{
    size_t all = load->task.s.rows * load->task.s.cols * sizeof(float);

    return all < fit_memory() / 2 ? all : fit_memory() / 2;
}

static int time_analysis(const struct workload *workload, const struct bench_options *options, struct load *load,
                         struct bench_result *result, struct error *error)
{
    struct timing timing = {.work = analyse,
                            .reference = load_query_product,
                            .context = load,
                            .runs = workload_runs(workload, options),
                            .twin = workload->twin};

    result->peak_goal += load->half ? panel_most(load) : 0;
    if (timing_run(&timing, result, error))
        return -1;
    workload_count(result, &load->task.s);
    return 0;
}

int workload_analysis(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                      struct error *error)
{
    struct load load = {0};
    int status = -1;

    if (workload_open(workload, options, workload_rows(workload, workload->queries, options),
                      workload_rows(workload, workload->bank, options), &load, error) == 0 &&
        load_product_room(&load, error) == 0 && load_fit_six(&load, error) == 0) {
        snprintf(result->what, sizeof result->what, "analyse %zu rules: %zu queries x %zu gallery x %d", load.fits,
                 load.task.s.rows, load.task.s.cols, LOAD_DIMENSION);
        status = time_analysis(workload, options, &load, result, error);
    }
    load_close(&load);
    return status;
}

int workload_top10(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error)
{
    struct load load = {0};
    int status = -1;

    if (workload_open(workload, options, workload_rows(workload, workload->queries, options), 1, &load, error) == 0 &&
        load_product_room(&load, error) == 0 && load_fit(&load, "raw", error) == 0) {
        snprintf(result->what, sizeof result->what,
                 "top 10 by raw, with ranks and mass: %zu queries x %zu gallery x %d", load.task.s.rows,
                 load.task.s.cols, LOAD_DIMENSION);
        status = time_analysis(workload, options, &load, result, error);
    }
    load_close(&load);
    return status;
}
