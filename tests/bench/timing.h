/* Clocks, and the loop that times work beside its reference. */
#ifndef HUBSCOPE_TESTS_BENCH_TIMING_H
#define HUBSCOPE_TESTS_BENCH_TIMING_H

#include "tests/bench/bench.h"

enum { TIMING_RUNS_MOST = 15 };

struct timing {
    int (*work)(void *context, struct error *error);
    void (*reference)(void *context); /* or null */
    void *context;
    size_t runs; /* at most TIMING_RUNS_MOST */
    bool twin;   /* once more with the plain C kernels */
    bool mapped; /* the reference touches what is mapped: first, so that it does not count as memory the work took */
};

/* Fills the times, ratios and peak of a result whose other fields are left alone. */
int timing_run(const struct timing *timing, struct bench_result *result, struct error *error);

#endif
