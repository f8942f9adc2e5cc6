/* The engine's workloads, timed against the plain matrix product of the same shape, and how their cost grows. */
#ifndef HUBSCOPE_TESTS_BENCH_H
#define HUBSCOPE_TESTS_BENCH_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct bench_result {
    const char *name;  /* "analysis" */
    char what[120];    /* what was done, with its sizes */
    char skipped[120]; /* why it was skipped; "" if it ran */
    double seconds;    /* median over the runs */
    double first, fastest, slowest;
    double goal_seconds;      /* at most; NAN: none set */
    double cells;             /* similarities processed; NAN if there are none */
    double gflops;            /* of the product alone, over the whole time; NAN without a product */
    const char *reference;    /* "sgemm": what it is measured against, or null */
    double reference_seconds; /* median */
    double ratio;             /* median of time / the reference's time in the same run */
    double processor_ratio;   /* the same for processor time: steadier on a busy machine */
    double goal;              /* ratio at most; NAN: none set */
    double generic;           /* time with the plain C kernels / time; NAN: not measured */
    size_t peak;              /* bytes of memory used beyond the input */
    size_t peak_goal;         /* at most: 256 MiB plus what the budget lets Sinkhorn keep */
};

struct bench_options {
    bool quick;         /* a quarter of the sizes or less, fewer runs */
    const char *sample; /* a collection to type a query into, or null */
    const char *data;   /* directory with queries.npy, gallery.npy and bank.npy (float32 unit rows of 512 numbers) to
                           use instead of made-up data; or null */
};

extern const size_t bench_count;
const char *bench_name(size_t index);
bool bench_at_scale(size_t index); /* whether it runs only with --scale, or by name */

/* Runs workload `index`.  -1 only on failure; a workload that cannot run here is skipped. */
int bench_run(size_t index, const struct bench_options *options, struct bench_result *result, struct error *error);

/* How the cost grows with one extent while the others are fixed. */
enum { BENCH_POINTS = 3 };

struct bench_curve {
    const char *name, *what; /* "N", "bank queries of a fit" */
    size_t size[BENCH_POINTS];
    double cells[BENCH_POINTS], seconds[BENCH_POINTS]; /* medians */
};

extern const size_t bench_curves_count;
const char *bench_curve_name(size_t index); /* "curve-N" */
int bench_curve_run(size_t index, const struct bench_options *options, struct bench_curve *curve, struct error *error);

#endif
