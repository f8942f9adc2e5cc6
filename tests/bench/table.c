#include "tests/bench/workload.h"

#include <math.h>

#define MIB ((size_t)1 << 20)

static const struct workload workloads[] = {
    {"bank", 1, 10000, 20000, 5, true, 1.15, false, workload_bank},
    {"moments", 1, 10000, 20000, 5, true, 1.3, false, workload_moments},
    {"every", 1, 10000, 20000, 5, true, 1.3, false, workload_every},
    {"analysis", 10000, 10000, 2000, 5, true, 1.35, false, workload_analysis},
    {"ncl", 1, 10000, 20000, 5, true, 1.7, false, workload_ncl},
    {"ncl-2", 1, 10000, 20000, 3, false, 1.7, false, workload_ncl_two},
    {"ncl-1", 1, 10000, 20000, 1, false, NAN, false, workload_ncl_one},
    {"train", 50000, 50000, 0, 5, true, 1.5, false, workload_train},
    {"query", 1, 100000, 500, 15, true, 1.3, false, workload_query},
    {"top10", 1000, 10000, 0, 5, true, 1.1, false, workload_top10},
    {"million", 1, 1000000, 0, 5, true, 1.3, false, workload_million},
    {"index", 1, 1000000, 0, 5, true, 0.7, false, workload_million},
    {"open", 0, 1000000, 0, 15, false, NAN, false, workload_opening},
    {"typed", 0, 0, 0, 15, true, NAN, false, workload_typed},
    {"clip", 0, 0, 0, 15, true, 1.5, false, workload_clip},
    {"clip-typed", 0, 0, 0, 15, false, 1.5, false, workload_clip_typed},
    {"bank-200k", 1, 200000, 20000, 1, false, 1.15, true, workload_bank},
    {"every-200k", 1, 200000, 20000, 1, false, 1.3, true, workload_every},
    {"analysis-200k", 20000, 200000, 200, 1, false, 1.35, true, workload_analysis},
    {"analysis-1m", 2000, 1000000, 50, 1, false, 1.35, true, workload_analysis},
    {"top10-200k", 1000, 200000, 0, 3, false, 1.1, true, workload_top10},
};

const size_t bench_count = sizeof workloads / sizeof *workloads;

const char *bench_name(size_t index)
{
    return workloads[index].name;
}

bool bench_at_scale(size_t index)
{
    return workloads[index].scale;
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
