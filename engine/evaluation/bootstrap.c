#include "engine/evaluation/bootstrap.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/random.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 16 }; /* samples of one task */

/* What one query adds to each difference. */
struct pair {
    int r1, r10;
    double rank;
};

struct run {
    const struct pair *pair;
    size_t queries, samples;
    uint64_t seed;
    double *r1, *r10, *mnr; /* (samples) */
    struct job *job;
};

static void sample_chunk(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    size_t from = chunk * CHUNK, to = from + CHUNK < run->samples ? from + CHUNK : run->samples;
    double n = (double)run->queries;

    (void)worker;
    for (size_t s = from; s < to && !job_cancelled(run->job); s++) {
        struct random_state random = random_start(run->seed, s);
        long r1 = 0, r10 = 0;
        double rank = 0;
        for (size_t i = 0; i < run->queries; i++) {
            const struct pair *pair = &run->pair[random_below(&random, run->queries)];
            r1 += pair->r1;
            r10 += pair->r10;
            rank += pair->rank;
        }
        run->r1[s] = 100 * (double)r1 / n;
        run->r10[s] = 100 * (double)r10 / n;
        run->mnr[s] = rank / n;
    }
    job_step(run->job);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two samples that are nearest. */
static double quantile(const double *sorted, size_t count, double share)
{
    double at = share * (double)(count - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;

    return below + 1 < count ? sorted[below] + part * (sorted[below + 1] - sorted[below]) : sorted[below];
}

static struct interval quantile_interval(double *value, size_t count, double difference)
{
    size_t least = 0, most = 0;

    qsort(value, count, sizeof *value, ascending);
    for (size_t s = 0; s < count; s++) {
        least += value[s] <= 0;
        most += value[s] >= 0;
    }
    double p = 2 * (double)((least < most ? least : most) + 1) / (double)(count + 1);
    return (struct interval){difference, quantile(value, count, 0.025), quantile(value, count, 0.975), fmin(p, 1)};
}

/* The queries that count, and the differences on all of them. */
static void pair_up(const double *from, const double *to, size_t queries, struct pair *pair, struct bootstrap *result)
{
    long r1 = 0, r10 = 0;
    double rank = 0;

    for (size_t q = 0; q < queries; q++) {
        if (isnan(from[q]) || isnan(to[q]))
            continue;
        struct pair *next = &pair[result->queries++];
        *next = (struct pair){(to[q] == 1) - (from[q] == 1), (to[q] < 11) - (from[q] < 11), to[q] - from[q]};
        result->helped += to[q] < from[q];
        result->hurt += to[q] > from[q];
        result->unchanged += to[q] == from[q];
        r1 += next->r1;
        r10 += next->r10;
        rank += next->rank;
    }
    double n = (double)result->queries;
    result->r1.difference = 100 * (double)r1 / n;
    result->r10.difference = 100 * (double)r10 / n;
    result->mnr.difference = rank / n;
}

int bootstrap_paired(const double *from, const double *to, size_t queries, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error)
{
    struct pair *pair = memory_array(queries, sizeof *pair);
    double *room = memory_array(samples, 3 * sizeof *room);
    struct run run = {.pair = pair, .samples = samples, .seed = seed, .job = job};
    int status = -1;

    *result = (struct bootstrap){.samples = samples, .seed = seed};
    if (!pair || !room) {
        error_memory(error);
        goto done;
    }
    pair_up(from, to, queries, pair, result);
    run.queries = result->queries;
    run.r1 = room;
    run.r10 = room + samples;
    run.mnr = room + 2 * samples;
    if (!result->queries || !samples) {
        result->r1 = result->r10 = result->mnr = (struct interval){NAN, NAN, NAN, NAN};
        status = 0;
        goto done;
    }
    size_t chunks = (samples + CHUNK - 1) / CHUNK;
    job_expect(job, chunks);
    pool_run(chunks, sample_chunk, &run);
    if (job_cancelled(job)) {
        error_set(error, ERROR_CANCELLED, "cancelled");
        goto done;
    }
    result->r1 = quantile_interval(run.r1, samples, result->r1.difference);
    result->r10 = quantile_interval(run.r10, samples, result->r10.difference);
    result->mnr = quantile_interval(run.mnr, samples, result->mnr.difference);
    status = 0;
done:
    free(pair);
    free(room);
    return status;
}
