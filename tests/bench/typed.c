#include "engine/collection/collection.h"
#include "engine/evaluation/search.h"
#include "tests/bench/workload.h"

#include <stdio.h>

enum { DIMENSION_MOST = 1024 };

struct typed {
    struct load load; /* its task is the sample's */
    struct collection *sample;
};

static int search_typed(void *context, struct error *error)
{
    struct typed *typed = context;
    struct load *load = &typed->load;
    struct encoding encoding;
    float vector[DIMENSION_MOST];

    if (encoder_encode(typed->sample->model[0]->encoder, "a yellow face crying with tears", vector, &encoding, error))
        return -1;
    struct search *search = search_run(&load->task, vector, 0, load->fit, load->fits, 10, error);
    search_free(search);
    return search ? 0 : -1;
}

int workload_typed(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error)
{
    struct typed typed = {0};
    struct load *load = &typed.load;
    struct timing timing = {.work = search_typed, .context = &typed, .runs = workload->runs, .twin = workload->twin};
    int status = -1;

    typed.sample = options->sample ? collection_open(options->sample, error) : NULL;
    if (!typed.sample || !typed.sample->model[0]->encoder || typed.sample->model[0]->dimension > DIMENSION_MOST) {
        snprintf(result->skipped, sizeof result->skipped, "the sample collection is not built");
        status = 0;
        goto done;
    }
    if (task_open(&load->task, typed.sample, NULL, T2V, NULL, error))
        goto done;
    if (load_fit_six(load, error) == 0) {
        snprintf(result->what, sizeof result->what,
                 "a typed query on the sample, encoded, %zu rules: %zu gallery x %zu", load->fits, load->task.s.cols,
                 typed.sample->model[0]->dimension);
        status = timing_run(&timing, result, error);
        result->cells = (double)load->task.s.cols;
    }
    task_close(&load->task);
    load->task = (struct task){0};
done:
    load_close(load);
    collection_close(typed.sample);
    return status;
}
