#include "tests/bench/workload.h"

#include <stdio.h>

static int fit_ncl(void *context, struct error *error)
{
    struct load *load = context;

    if (load_fit(load, "ncl:iterations=4", error))
        return -1;
    fit_release(load->fit[0]);
    load->fits = 0;
    return 0;
}

int workload_ncl(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                 struct error *error)
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
    size_t kept = load.task.b.rows * load.task.b.cols * sizeof(float);
    bool keeps = kept <= fit_memory();
    result->peak_goal += keeps ? kept : 0;
    snprintf(result->what, sizeof result->what, "fit ncl, 4 iterations, similarities %s: %zu bank x %zu gallery x %d",
             keeps ? "kept" : "streamed", load.task.b.rows, load.task.b.cols, LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)) == 0)
        workload_count(result, &load.task.b);
done:
    load_close(&load);
    return status;
}
