#include "tests/bench/workload.h"

#include <math.h>

#define MIB ((size_t)1 << 20)

static const struct workload workloads[] = {
    {"bank", 1, 10000, 20000, 5, true, 1 / 0.8, workload_bank},
    {"moments", 1, 10000, 20000, 5, true, 1.3, workload_moments},
    {"analysis", 10000, 10000, 2000, 5, true, 1 / 0.7, workload_analysis},
    {"ncl", 1, 10000, 20000, 5, true, 2.5, workload_ncl},
    {"train", 50000, 50000, 0, 5, true, 1.5, workload_train},
    {"query", 1, 100000, 500, 15, true, 1.3, workload_query},
    {"top10", 1000, 10000, 0, 5, true, NAN, workload_top10},
    {"million", 1, 1000000, 0, 5, true, 1.3, workload_million},
    {"open", 0, 1000000, 0, 15, false, NAN, workload_opening},
    {"typed", 0, 0, 0, 15, true, NAN, workload_typed},
    {"clip", 0, 0, 0, 15, true, NAN, workload_clip},
};

const size_t bench_count = sizeof workloads / sizeof *workloads;

const char *bench_name(size_t index)
{
    return workloads[index].name;
}

void workload_count(struct bench_result *result, const struct sims *sims)
{
    result->cells = (double)sims->rows * (double)sims->cols;
    result->gflops = 2e-9 * result->cells * LOAD_DIMENSION / result->seconds;
    result->reference = "sgemm";
}

int bench_run(size_t index, const struct bench_options *options, struct bench_result *result, struct error *error)
{
    const struct workload *workload = &workloads[index];

    *result = (struct bench_result){.name = workload->name,
                                    .goal_seconds = NAN,
                                    .cells = NAN,
                                    .gflops = NAN,
                                    .reference_seconds = NAN,
                                    .ratio = NAN,
                                    .processor_ratio = NAN,
                                    .goal = workload->goal,
                                    .generic = NAN,
                                    .peak_goal = 256 * MIB};
    return workload->run(workload, options, result, error);
}
