/* Workloads: one file each, and an entry in the table of table.c. */
#ifndef HUBSCOPE_TESTS_BENCH_WORKLOAD_H
#define HUBSCOPE_TESTS_BENCH_WORKLOAD_H

#include "tests/bench/load.h"
#include "tests/bench/timing.h"

struct workload {
    const char *name;
    size_t queries, gallery, bank; /* quick runs take a quarter; of large ones all of the gallery, and few rows */
    size_t runs;
    bool twin;
    double goal; /* NAN: none */
    bool scale;  /* on large data, with a gallery in float16: only with --scale, or by name */
    int (*run)(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
               struct error *error);
};

/* A size, or a quarter of it if quick. */
static inline size_t workload_size(size_t size, const struct bench_options *options)
{
    return options->quick ? size / 4 : size;
}

/* Queries, or rows of the bank.  A few thousand rows of large data cost each what one of many does. */
static inline size_t workload_rows(const struct workload *workload, size_t rows, const struct bench_options *options)
{
    enum { FEW = 3 * 768 };

    if (workload->scale && options->quick)
        return rows < FEW ? rows : FEW;
    return workload_size(rows, options);
}

static inline size_t workload_runs(const struct workload *workload, const struct bench_options *options)
{
    return options->quick && workload->runs > 3 ? 3 : workload->runs;
}

/* Opens the load in the workload's sizes. */
static inline int workload_open(const struct workload *workload, const struct bench_options *options, size_t queries,
                                size_t bank, struct load *load, struct error *error)
{
    if (workload->scale)
        return load_open_half(load, queries, workload->gallery, bank, error);
    return load_open(load, options, queries, workload_size(workload->gallery, options), bank, error);
}

/* Fills in what follows from the time, for work on all of `sims`. */
void workload_count(struct bench_result *result, const struct sims *sims);

int workload_bank(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                  struct error *error);
int workload_moments(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error);
int workload_every(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error);
int workload_analysis(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                      struct error *error);
int workload_top10(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error);
int workload_ncl(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                 struct error *error);
int workload_ncl_two(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error);
int workload_ncl_one(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error);
int workload_train(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error);
int workload_query(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error);
int workload_million(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error);
int workload_opening(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                     struct error *error);
int workload_typed(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                   struct error *error);
int workload_clip(const struct workload *workload, const struct bench_options *options, struct bench_result *result,
                  struct error *error);
int workload_clip_typed(const struct workload *workload, const struct bench_options *options,
                        struct bench_result *result, struct error *error);

#endif
