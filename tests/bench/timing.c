#include "tests/bench/timing.h"

#include "engine/kernels/kernels.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static double processor(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* A line "NAME:  123 kB" of /proc/self/status, in bytes; 0 if unavailable. */
static size_t status_bytes(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[160];
    size_t kilobytes = 0, length = strlen(name);

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, length) == 0)
            kilobytes = strtoul(line + length + 1, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes << 10;
}

static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");

    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *x, size_t n)
{
    double sorted[TIMING_RUNS_MOST];

    memcpy(sorted, x, n * sizeof *x);
    qsort(sorted, n, sizeof *sorted, ascending);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* Runs the work once, which starts threads and touches pages, and measures its memory. */
static int first_run(const struct timing *timing, struct bench_result *result, struct error *error)
{
    if (timing->mapped)
        timing->reference(timing->context);
    malloc_trim(0);
    forget_peak();
    size_t before = status_bytes("VmRSS");
    double start = now();
    if (timing->work(timing->context, error))
        return -1;
    result->first = now() - start;
    size_t peak = status_bytes("VmHWM");
    result->peak = peak > before ? peak - before : 0;
    return 0;
}

/* Alternates reference and work, so that other load on the machine affects both. */
int timing_run(const struct timing *timing, struct bench_result *result, struct error *error)
{
    double work[TIMING_RUNS_MOST], reference[TIMING_RUNS_MOST], ratio[TIMING_RUNS_MOST];
    double used[TIMING_RUNS_MOST];
    size_t runs = timing->runs;

    if (first_run(timing, result, error))
        return -1;
    for (size_t run = 0; run < runs; run++) {
        double start = now(), begun = processor();
        if (timing->work(timing->context, error))
            return -1;
        work[run] = now() - start;
        used[run] = processor() - begun;
        if (timing->reference) {
            start = now();
            begun = processor();
            timing->reference(timing->context);
            reference[run] = now() - start;
            ratio[run] = work[run] / reference[run];
            used[run] /= processor() - begun;
        }
    }
    qsort(work, runs, sizeof *work, ascending);
    result->seconds = median(work, runs);
    result->fastest = work[0];
    result->slowest = work[runs - 1];
    if (timing->reference) {
        result->reference_seconds = median(reference, runs);
        result->ratio = median(ratio, runs);
        result->processor_ratio = median(used, runs);
    }
    if (!timing->twin)
        return 0;
    kernel_use(kernel_set_of(KERNEL_GENERIC));
    double start = now();
    int status = timing->work(timing->context, error);
    result->generic = (now() - start) / result->seconds;
    kernel_use(NULL);
    return status;
}
