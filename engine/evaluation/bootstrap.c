#include "engine/evaluation/bootstrap.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/random.h"
#include "engine/evaluation/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16 }; /* samples of one task */

struct ranked {
    double rank;
    uint32_t query;
};

/* One of the two rules. */
struct side {
    struct ranked *query;           /* (queries) those that count, in the task's order */
    struct ranked *sorted;          /* (queries) the same by rank, best first */
    const double *ndcg, *precision; /* (lists) NAN without a target; null: not tested */
    const uint32_t *top;            /* (lists, top_k) */
    size_t top_k;
};

/* Which rows a sample drew, and room to measure it in; one per worker. */
struct scratch {
    uint32_t *weight;     /* (lists) how often each row was drawn */
    uint32_t *occurrence; /* (gallery) */
    size_t *holding;      /* (lists + 1) holding[n]: how many items are in n lists */
};

struct run {
    struct side from, to;
    size_t queries;                   /* that have a target under both */
    size_t lists, gallery, k, places; /* k 0: no hubness; places: min(k, both top_k) */
    const struct subset *subset;      /* whose hubness, or null */
    size_t samples;
    uint64_t seed;
    double *value; /* (BOOTSTRAP_SAMPLED, samples) differences */
    struct scratch *scratch;
    struct job *job;
};

/* Statistics of the drawn queries that involve both rules. */
struct drawn {
    long r1[2], r5[2], r10[2], r50[2];
    double shift; /* sum of the differences of ranks */
    double ndcg, precision;
    size_t judged; /* queries that these two are sums over */
};

static void count_query(struct drawn *drawn, double from, double to)
{
    const double rank[2] = {from, to};

    for (int side = 0; side < 2; side++) {
        drawn->r1[side] += rank[side] == 1;
        drawn->r5[side] += rank[side] < 6;
        drawn->r10[side] += rank[side] < 11;
        drawn->r50[side] += rank[side] < 51;
    }
    drawn->shift += rank_change(from, to);
}

static bool is_judged(const struct run *run)
{
    return run->from.precision && run->to.precision;
}

static void count_judged(const struct run *run, struct drawn *drawn, uint32_t row)
{
    double by = is_judged(run) ? run->to.precision[row] - run->from.precision[row] : NAN;

    if (isnan(by))
        return;
    drawn->precision += by;
    drawn->ndcg += run->to.ndcg[row] - run->from.ndcg[row];
    drawn->judged++;
}

/* The median rank of the drawn queries, as metrics_of computes it. */
static double weighted_median(const struct ranked *sorted, const uint32_t *weight, size_t queries)
{
    size_t seen = 0, lower = (queries - 1) / 2, upper = queries / 2;
    double low = NAN;

    for (size_t i = 0; i < queries; i++) {
        seen += weight[sorted[i].query];
        if (isnan(low) && seen > lower)
            low = sorted[i].rank;
        if (seen > upper)
            return (low + sorted[i].rank) / 2;
    }
    return NAN;
}

static double geometric(const struct drawn *drawn, int side, double n)
{
    double percent = 100 / n;

    return cbrt(percent * (double)drawn->r1[side] * (percent * (double)drawn->r5[side]) *
                (percent * (double)drawn->r10[side]));
}

static double judged_mean(const struct drawn *drawn, double sum)
{
    return drawn->judged ? 100 * sum / (double)drawn->judged : 0;
}

/* Differences of the retrieval measures, with each query drawn `weight` times. */
static struct metrics compare_ranks(const struct run *run, const struct drawn *drawn, const uint32_t *weight)
{
    double n = (double)run->queries;

    return (struct metrics){
        .r1 = 100 * (double)(drawn->r1[1] - drawn->r1[0]) / n,
        .r5 = 100 * (double)(drawn->r5[1] - drawn->r5[0]) / n,
        .r10 = 100 * (double)(drawn->r10[1] - drawn->r10[0]) / n,
        .r50 = 100 * (double)(drawn->r50[1] - drawn->r50[0]) / n,
        .mdr = rank_change(weighted_median(run->from.sorted, weight, run->queries),
                           weighted_median(run->to.sorted, weight, run->queries)),
        .mnr = drawn->shift / n,
        .geometric = geometric(drawn, 1, n) - geometric(drawn, 0, n),
        .ndcg = judged_mean(drawn, drawn->ndcg),
        .map = judged_mean(drawn, drawn->precision),
    };
}

static struct hubness side_hubness(const struct run *run, const struct side *side, struct scratch *scratch)
{
    struct hubness hubness;
    size_t most = 0;

    memset(scratch->occurrence, 0, run->gallery * sizeof *scratch->occurrence);
    for (size_t q = 0; q < run->lists; q++)
        if (scratch->weight[q])
            for (size_t place = 0; place < run->places; place++)
                scratch->occurrence[side->top[q * side->top_k + place]] += scratch->weight[q];
    for (size_t j = 0; j < run->gallery; j++)
        most = scratch->occurrence[j] > most ? scratch->occurrence[j] : most;
    memset(scratch->holding, 0, (most + 1) * sizeof *scratch->holding);
    for (size_t j = 0; j < run->gallery; j++)
        scratch->holding[scratch->occurrence[j]] += subset_has(run->subset, j);
    size_t items = run->subset ? run->subset->items : run->gallery;
    hubness_of_histogram(scratch->holding, most, items, run->gallery, run->k, run->lists, &hubness);
    return hubness;
}

/* Stores the measures of ranks at value[measure * stride]. */
static void store_ranks(double *value, size_t stride, const struct metrics *by)
{
    size_t at = 0;

#define STORE(name) value[stride * at++] = by->name;
    BOOTSTRAP_RETRIEVAL(STORE)
    at = BOOTSTRAP_LISTED;
    BOOTSTRAP_JUDGED(STORE)
#undef STORE
}

/* The same for hubness measures, with each list drawn scratch->weight times. */
static void store_hubness(double *value, size_t stride, const struct run *run, struct scratch *scratch)
{
    const struct hubness from = side_hubness(run, &run->from, scratch), to = side_hubness(run, &run->to, scratch);
    size_t at = BOOTSTRAP_RANKED;

#define STORE(name) value[stride * at++] = (double)to.name - (double)from.name;
    BOOTSTRAP_HUBNESS(STORE)
#undef STORE
}

static void sample_ranks(const struct run *run, size_t sample, struct scratch *scratch)
{
    struct random_state random = random_start(run->seed, sample);
    struct drawn drawn = {0};

    memset(scratch->weight, 0, run->lists * sizeof *scratch->weight);
    for (size_t i = 0; i < run->queries; i++) {
        size_t at = random_below(&random, run->queries);
        const struct ranked *from = &run->from.query[at], *to = &run->to.query[at];
        count_query(&drawn, from->rank, to->rank);
        count_judged(run, &drawn, from->query);
        scratch->weight[from->query]++;
    }
    const struct metrics by = compare_ranks(run, &drawn, scratch->weight);
    store_ranks(run->value + sample, run->samples, &by);
}

static void sample_lists(const struct run *run, size_t sample, struct scratch *scratch)
{
    if (run->queries != run->lists) /* else these are the rows that sample_ranks drew */
        resample_rows(run->seed, sample, run->lists, scratch->weight);
    store_hubness(run->value + sample, run->samples, run, scratch);
}

static void sample_chunk(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    size_t from = chunk * CHUNK, to = from + CHUNK < run->samples ? from + CHUNK : run->samples;

    for (size_t s = from; s < to && !job_cancelled(run->job); s++) {
        if (run->queries)
            sample_ranks(run, s, &run->scratch[worker]);
        if (run->k)
            sample_lists(run, s, &run->scratch[worker]);
    }
    job_step(run->job);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Interpolates between the two nearest samples. */
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

static void reach_difference(struct interval *interval)
{
    interval->low = fmin(interval->low, interval->difference);
    interval->high = fmax(interval->high, interval->difference);
}

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Collects the queries that have a target under both rules. */
static void pair_up(struct run *run, const double *from, const double *to, struct bootstrap *result)
{
    for (size_t q = 0; q < run->lists; q++) {
        if (isnan(from[q]) || isnan(to[q]))
            continue;
        run->from.query[run->queries] = (struct ranked){from[q], (uint32_t)q};
        run->to.query[run->queries++] = (struct ranked){to[q], (uint32_t)q};
        result->helped += to[q] < from[q];
        result->hurt += to[q] > from[q];
        result->unchanged += to[q] == from[q];
    }
    result->queries = run->queries;
    for (int i = 0; i < 2 && run->queries; i++) {
        struct side *side = i ? &run->to : &run->from;
        memcpy(side->sorted, side->query, run->queries * sizeof *side->sorted);
        qsort(side->sorted, run->queries, sizeof *side->sorted, by_rank);
    }
}

/* The differences on all queries, each drawn once. */
static void compare_all(const struct run *run, double *difference)
{
    struct scratch *scratch = &run->scratch[0];
    struct drawn drawn = {0};

    for (size_t q = 0; q < run->lists; q++)
        scratch->weight[q] = 1;
    for (size_t i = 0; i < run->queries; i++) {
        count_query(&drawn, run->from.query[i].rank, run->to.query[i].rank);
        count_judged(run, &drawn, run->from.query[i].query);
    }
    if (run->queries) {
        const struct metrics by = compare_ranks(run, &drawn, scratch->weight);
        store_ranks(difference, 1, &by);
    }
    if (run->k)
        store_hubness(difference, 1, run, scratch);
}

static int prepare(struct run *run)
{
    size_t workers = pool_workers();

    run->value = memory_array(run->samples, BOOTSTRAP_SAMPLED * sizeof *run->value);
    run->scratch = memory_array(workers, sizeof *run->scratch);
    for (int i = 0; i < 2; i++) {
        struct side *side = i ? &run->to : &run->from;
        side->query = memory_array(run->lists, sizeof *side->query);
        side->sorted = memory_array(run->lists, sizeof *side->sorted);
        if (!side->query || !side->sorted)
            return -1;
    }
    if (!run->value || !run->scratch)
        return -1;
    for (size_t w = 0; w < workers; w++) {
        struct scratch *scratch = &run->scratch[w];
        scratch->weight = memory_array(run->lists, sizeof *scratch->weight);
        scratch->occurrence = memory_array(run->gallery, sizeof *scratch->occurrence);
        scratch->holding = memory_array(run->lists + 1, sizeof *scratch->holding);
        if (!scratch->weight || !scratch->occurrence || !scratch->holding)
            return -1;
    }
    return 0;
}

static void run_close(struct run *run)
{
    for (size_t w = 0; run->scratch && w < pool_workers(); w++) {
        free(run->scratch[w].weight);
        free(run->scratch[w].occurrence);
        free(run->scratch[w].holding);
    }
    free(run->scratch);
    free(run->value);
    free(run->from.query);
    free(run->from.sorted);
    free(run->to.query);
    free(run->to.sorted);
}

static bool can_test(const struct run *run, size_t measure)
{
    if (measure < BOOTSTRAP_RANKED)
        return run->queries;
    return measure < BOOTSTRAP_LISTED ? run->k && run->lists : run->queries && is_judged(run);
}

/* Runs the bootstrap for these ranks, and for hubness if `run` has lists and k. */
static int bootstrap_run(struct run *run, const double *from, const double *to, struct bootstrap *result,
                         struct error *error)
{
    double difference[BOOTSTRAP_SAMPLED];
    int status = -1;

    *result = (struct bootstrap){.samples = run->samples, .seed = run->seed, .k = run->k};
    if (prepare(run)) {
        error_memory(error);
        goto done;
    }
    pair_up(run, from, to, result);
    compare_all(run, difference);
    size_t chunks = (run->samples + CHUNK - 1) / CHUNK;
    job_expect(run->job, chunks);
    pool_run(chunks, sample_chunk, run);
    if (job_cancelled(run->job)) {
        error_set(error, ERROR_CANCELLED, "cancelled");
        goto done;
    }
    for (size_t i = 0; i < BOOTSTRAP_MEASURES; i++)
        result->of[i] = (struct interval){NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < BOOTSTRAP_SAMPLED; i++) {
        bool tested = run->samples && can_test(run, i);
        if (tested)
            result->of[i] = quantile_interval(run->value + i * run->samples, run->samples, difference[i]);
        if (tested && i >= BOOTSTRAP_RANKED && i < BOOTSTRAP_LISTED)
            reach_difference(&result->of[i]);
    }
    status = 0;
done:
    run_close(run);
    return status;
}

int bootstrap_paired(const double *from, const double *to, size_t queries, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error)
{
    struct run run = {.lists = queries, .samples = samples, .seed = seed, .job = job};

    return bootstrap_run(&run, from, to, result, error);
}

static struct side side_of(const struct analysis *analysis)
{
    return (struct side){
        .ndcg = analysis->ndcg, .precision = analysis->precision, .top = analysis->top, .top_k = analysis->top_k};
}

int bootstrap_analyses(const struct analysis *from, const struct analysis *to, size_t k, size_t samples, uint64_t seed,
                       struct bootstrap *result, struct job *job, struct error *error)
{
    size_t places = from->top_k < to->top_k ? from->top_k : to->top_k;
    struct run run = {.from = side_of(from),
                      .to = side_of(to),
                      .lists = from->queries,
                      .gallery = from->gallery,
                      .subset = from->subset,
                      .k = k,
                      .places = k < places ? k : places,
                      .samples = samples,
                      .seed = seed,
                      .job = job};

    return bootstrap_run(&run, from->rank, to->rank, result, error);
}

/* Of the measure of mass with this index; `value` has room for all samples. */
static struct interval mass_interval(const struct mass_samples *from, const struct mass_samples *to, size_t measure,
                                     double *value)
{
    for (size_t s = 0; s < from->samples; s++)
        value[s] = to->sample[s].of[measure] - from->sample[s].of[measure];
    struct interval interval = quantile_interval(value, from->samples, to->all.of[measure] - from->all.of[measure]);
    reach_difference(&interval);
    return interval;
}

/* The first reason why there are no samples, or MASS_SAMPLED. */
static enum mass_sampling sampling_of(const struct mass_samples *from, const struct mass_samples *to)
{
    return from->sampling != MASS_SAMPLED ? from->sampling : to->sampling;
}

int bootstrap_add_mass(const struct mass_samples *from, const struct mass_samples *to, struct bootstrap *result)
{
    result->mass = sampling_of(from, to);
    result->mass_memory = from->needed > to->needed ? from->needed : to->needed;
    if (result->mass != MASS_SAMPLED)
        return 0;
    double *value = memory_array(from->samples, sizeof *value);
    if (!value)
        return -1;
    for (size_t i = 0; i < MASS_MEASURE_COUNT; i++)
        result->of[BOOTSTRAP_SAMPLED + i] = mass_interval(from, to, i, value);
    free(value);
    return 0;
}
