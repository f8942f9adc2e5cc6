/* Clocks, and the loop that times work against its reference. */
#ifndef HUBSCOPE_TESTS_BENCH_TIMING_H
#define HUBSCOPE_TESTS_BENCH_TIMING_H

#include "tests/bench/bench.h"

enum { TIMING_RUNS_MOST = 15 };

struct timing {
    int (*work)(void *context, struct error *error);
    void (*reference)(void *context); /* or null */
    void *context;
    size_t runs; /* at most TIMING_RUNS_MOST */
    bool twin;   /* also measure with the plain C kernels */
    bool mapped; /* the reference touches mapped pages: run it first, so that they do not count as memory of the work */
};

/* Fills in times, ratios and peak of a result; leaves its other fields alone. */
int timing_run(const struct timing *timing, struct bench_result *result, struct error *error);

#endif
