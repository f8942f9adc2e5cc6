#include "tests/bench/workload.h"

#include <math.h>

enum { RUNS = 3 };

/* Which extent grows; the points are a quarter, a half and all of it. */
struct curve {
    const char *name, *extent, *what;
    struct workload workload;
    size_t part; /* offset of the extent in the workload */
};

static const struct curve curves[] = {
    {"curve-N",
     "N",
     "bank queries, fit of is + qbnorm + csls + nnn",
     {.gallery = 10000, .bank = 20000, .runs = RUNS, .run = workload_bank},
     offsetof(struct workload, bank)},
    {"curve-M",
     "M",
     "gallery items, analysis of six rules",
     {.queries = 10000, .gallery = 10000, .bank = 500, .runs = RUNS, .run = workload_analysis},
     offsetof(struct workload, gallery)},
    {"curve-Q",
     "Q",
     "queries, analysis of six rules",
     {.queries = 10000, .gallery = 10000, .bank = 500, .runs = RUNS, .run = workload_analysis},
     offsetof(struct workload, queries)},
};

const size_t bench_curves_count = sizeof curves / sizeof *curves;

const char *bench_curve_name(size_t index)
{
    return curves[index].name;
}

int bench_curve_run(size_t index, const struct bench_options *options, struct bench_curve *curve, struct error *error)
{
    const struct curve *entry = &curves[index];
    struct bench_options made = *options;

    made.data = NULL; /* only the sizes matter */
    *curve = (struct bench_curve){.name = entry->extent, .what = entry->what};
    for (size_t i = 0; i < BENCH_POINTS; i++) {
        struct workload workload = entry->workload;
        struct bench_result result = {0};
        size_t *extent = (size_t *)((char *)&workload + entry->part);
        *extent >>= BENCH_POINTS - 1 - i;
        if (options->quick)
            workload.runs = 1;
        if (workload.run(&workload, &made, &result, error))
            return -1;
        curve->size[i] = workload_size(*extent, options);
        curve->cells[i] = result.cells;
        curve->seconds[i] = result.seconds;
    }
    return 0;
}
