#include "engine/fitting/bank_codes.h"
#include "tests/bench/workload.h"

#include <stdio.h>

/* Ways to keep a similarity of the bank: as --memory has it, or with room for as many bytes each. */
enum keep { KEEP_ANY, KEEP_ONE = 1, KEEP_TWO = 2 };

static int fit_ncl(void *context, struct error *error)
{
    struct load *load = context;

    if (load_fit(load, "ncl:iterations=4", error))
        return -1;
    fit_release(load->fit[0]);
    load->fits = 0;
    return 0;
}

static const char *how_kept(size_t count, size_t memory)
{
    if (count <= memory / sizeof(float))
        return "kept";
    if (count <= BANK_CODES_LEAST || memory < count / 100)
        return "streamed";
    return count <= memory / 2 ? "kept in 16 bits" : "kept in 16 bits where they fit";
}

static int run_ncl(enum keep keep, const struct workload *workload, const struct bench_options *options,
                   struct bench_result *result, struct error *error)
{
    struct load load = {0};
    struct timing timing = {.work = fit_ncl,
                            .reference = load_bank_product,
                            .context = &load,
                            .runs = workload_runs(workload, options),
                            .twin = workload->twin};
    int status = -1;

    if (load_open(&load, options, 1, workload_size(workload->gallery, options), workload_size(workload->bank, options),
                  error) ||
        load_product_room(&load, error))
        goto done;
    size_t count = load.task.b.rows * load.task.b.cols, memory = keep ? keep * count : fit_memory();
    load.memory = memory;
    result->peak_goal += count * sizeof(float) < memory ? count * sizeof(float) : memory;
    snprintf(result->what, sizeof result->what, "fit ncl, 4 iterations, similarities %s: %zu bank x %zu gallery x %d",
             how_kept(count, memory), load.task.b.rows, load.task.b.cols, LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)) == 0)
        workload_count(result, &load.task.b);
done:
    load_close(&load);
    return status;
}

int workload_ncl(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                 struct error *error)
{
    return run_ncl(KEEP_ANY, workload, options, result, error);
}

int workload_ncl_two(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    return run_ncl(KEEP_TWO, workload, options, result, error);
}

int workload_ncl_one(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error)
{
    return run_ncl(KEEP_ONE, workload, options, result, error);
}
