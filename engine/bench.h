/* The engine's own workloads on made-up data, timed beside the plain product of the same shape. */
#ifndef HUBSCOPE_ENGINE_BENCH_H
#define HUBSCOPE_ENGINE_BENCH_H

#include "engine/error.h"
#include <stdbool.h>
#include <stddef.h>

struct bench_result {
    const char *name;  /* "analysis" */
    char what[120];    /* what was done, with its sizes */
    char skipped[120]; /* why it was not; "" if it was */
    double seconds;    /* median over the runs */
    double fastest, slowest;
    double cells;          /* similarities looked at */
    double gflops;         /* of the product alone over the whole time; NAN where there is none */
    const char *reference; /* "sgemm": what it is measured against, or null */
    double reference_seconds; /* median */
    double ratio;             /* median of time / reference's time in the same run */
    double processor_ratio; /* the same of processor time: steadier where others use the machine */
    double goal;            /* ratio at most; NAN: none set */
    double generic;         /* time with the plain C kernels / time; NAN: not measured */
    size_t peak;            /* bytes of memory that the work took beyond its input */
};

struct bench_options {
    bool quick;         /* a quarter of the sizes, fewer runs */
    const char *sample; /* a collection to type a query into, or null */
};

extern const size_t bench_count;
const char *bench_name(size_t index);

/* Runs workload `index`. -1 only when it failed; what cannot run here is skipped. */
int bench_run(size_t index, const struct bench_options *options, struct bench_result *result,
              struct error *error);

#endif
