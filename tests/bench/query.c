#include "engine/evaluation/search.h"
#include "tests/bench/workload.h"

#include <stdio.h>

static int search_one(void *context, struct error *error)
{
    struct load *load = context;
    struct search *search = search_run(&load->task, load->query.data, 0, load->fit, load->fits, 100, error);

    search_free(search);
    return search ? 0 : -1;
}

int workload_query(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error)
{
    struct load load = {0};
    struct timing timing = {.work = search_one,
                            .reference = load_vector_product,
                            .context = &load,
                            .runs = workload->runs,
                            .twin = workload->twin};
    int status = -1;

    if (load_open(&load, options, 1, workload_size(workload->gallery, options), workload->bank, error) ||
        load_product_room(&load, error) || load_fit_six(&load, error))
        goto done;
    snprintf(result->what, sizeof result->what, "one query, %zu rules, top 100: %zu gallery x %d", load.fits,
             load.task.s.cols, LOAD_DIMENSION);
    if ((status = timing_run(&timing, result, error)))
        goto done;
    result->cells = (double)load.task.s.cols;
    result->gflops = 2e-9 * result->cells * LOAD_DIMENSION / result->seconds;
    result->reference = "sgemv";
done:
    load_close(&load);
    return status;
}
