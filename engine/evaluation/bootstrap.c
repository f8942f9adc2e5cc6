#include "engine/evaluation/bootstrap.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANES = 16, /* samples of one task, which are measured together: a row of weights fills a cache line */
    CUTS = 4    /* R@1, R@5, R@10, R@50 */
};

/* A number of each sample.  As an array the compiler adds them one by one. */
typedef uint32_t lanes __attribute__((vector_size(LANES * sizeof(uint32_t)), aligned(sizeof(uint32_t))));

struct ranked {
    double rank;
    uint32_t query;
};

/* One of the two rules. */
struct side {
    struct ranked *query;           /* (queries) those that count, in the task's order */
    struct ranked *sorted;          /* (queries) the same by rank, best first */
    size_t cut[CUTS];               /* how many of the sorted ones count as found by each */
    const double *ndcg, *precision; /* (lists) NAN without a target; null: not tested */
    const uint32_t *top;            /* (lists, top_k) */
    size_t top_k;
};

/* Which rows a task's samples drew, and room to measure them in; one per worker. */
struct scratch {
    lanes *weight;     /* (lists) how often each row was drawn */
    lanes *occurrence; /* (gallery) */
    size_t *holding;   /* (lists + 1) holding[n]: how many items are in n lists of one sample */
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

/* Statistics of the drawn queries under one rule. */
struct found {
    lanes hits[CUTS];
    double median[LANES];
};

/* Those that involve both rules: sums of differences. */
struct changes {
    double rank[LANES], ndcg[LANES], precision[LANES];
    lanes judged; /* queries that the last two are sums over */
};

/* 1 where a < b, else 0, of numbers below 2^31: compilers compare single lanes, but subtract several at once. */
#define less(a, b) (((a) - (b)) >> 31)

/* Walks through the queries in order of rank; the median is that of metrics_of. */
static void find_ranks(const struct side *side, lanes *weight, size_t queries, struct found *found)
{
    const uint32_t lower = (uint32_t)(queries - 1) / 2, upper = (uint32_t)queries / 2;
    lanes seen = {0}, below_lower = {0}, below_upper = {0};
    size_t at = 0;

    for (size_t cut = 0; cut <= CUTS; cut++) {
        for (size_t end = cut < CUTS ? side->cut[cut] : queries; at < end; at++) {
            seen += weight[side->sorted[at].query];
            below_lower += less(seen, lower + 1);
            below_upper += less(seen, upper + 1);
        }
        if (cut < CUTS)
            found->hits[cut] = seen;
    }
    for (size_t s = 0; s < LANES; s++)
        found->median[s] = below_upper[s] < queries
                               ? (side->sorted[below_lower[s]].rank + side->sorted[below_upper[s]].rank) / 2
                               : NAN;
}

static bool is_judged(const struct run *run)
{
    return run->from.precision && run->to.precision;
}

static void add_changes(const struct run *run, lanes *weight, struct changes *changes)
{
    *changes = (struct changes){0};
    for (size_t i = 0; i < run->queries; i++) {
        uint32_t row = run->from.query[i].query;
        double by = rank_change(run->from.query[i].rank, run->to.query[i].rank);
        for (size_t s = 0; s < LANES; s++)
            changes->rank[s] += (double)(int)weight[row][s] * by;
        by = is_judged(run) ? run->to.precision[row] - run->from.precision[row] : NAN;
        if (isnan(by))
            continue;
        double ndcg = run->to.ndcg[row] - run->from.ndcg[row];
        for (size_t s = 0; s < LANES; s++) {
            changes->precision[s] += (double)(int)weight[row][s] * by;
            changes->ndcg[s] += (double)(int)weight[row][s] * ndcg;
        }
        changes->judged += weight[row];
    }
}

static double geometric(const struct found *found, size_t s, double n)
{
    double percent = 100 / n;

    return cbrt(percent * (double)found->hits[0][s] * (percent * (double)found->hits[1][s]) *
                (percent * (double)found->hits[2][s]));
}

static double judged_mean(const struct changes *changes, size_t s, double sum)
{
    return changes->judged[s] ? 100 * sum / (double)changes->judged[s] : 0;
}

/* Differences of the retrieval measures in one sample. */
static struct metrics compare_ranks(const struct found *from, const struct found *to, const struct changes *changes,
                                    size_t s, double n)
{
    double points[CUTS];

    for (size_t cut = 0; cut < CUTS; cut++)
        points[cut] = 100 * ((double)to->hits[cut][s] - (double)from->hits[cut][s]) / n;
    return (struct metrics){
        .r1 = points[0],
        .r5 = points[1],
        .r10 = points[2],
        .r50 = points[3],
        .mdr = rank_change(from->median[s], to->median[s]),
        .mnr = changes->rank[s] / n,
        .geometric = geometric(to, s, n) - geometric(from, s, n),
        .ndcg = judged_mean(changes, s, changes->ndcg[s]),
        .map = judged_mean(changes, s, changes->precision[s]),
    };
}

/* In how many of the lists drawn each item is, and the most of each sample. */
static void count_occurrences(const struct run *run, const struct side *side, struct scratch *scratch, lanes *most)
{
    memset(scratch->occurrence, 0, run->gallery * sizeof *scratch->occurrence);
    for (size_t q = 0; q < run->lists; q++) {
        const lanes weight = scratch->weight[q];
        const uint32_t *top = side->top + q * side->top_k;
        for (size_t place = 0; place < run->places; place++)
            scratch->occurrence[top[place]] += weight;
    }
    *most = (lanes){0};
    for (size_t j = 0; j < run->gallery; j++)
        *most += (scratch->occurrence[j] - *most) & -less(*most, scratch->occurrence[j]);
}

static void side_hubness(const struct run *run, const struct side *side, struct scratch *scratch,
                         struct hubness hubness[LANES], size_t samples)
{
    size_t items = run->subset ? run->subset->items : run->gallery;
    lanes most;

    count_occurrences(run, side, scratch, &most);
    for (size_t s = 0; s < samples; s++) {
        memset(scratch->holding, 0, ((size_t)most[s] + 1) * sizeof *scratch->holding);
        for (size_t j = 0; j < run->gallery; j++)
            scratch->holding[scratch->occurrence[j][s]] += subset_has(run->subset, j);
        hubness_of_histogram(scratch->holding, most[s], items, run->gallery, run->k, run->lists, &hubness[s]);
    }
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

/* Measures the ranks of the first `samples` lanes; the first one's measures begin at `value`. */
static void measure_ranks(const struct run *run, const struct scratch *scratch, size_t samples, double *value,
                          size_t stride)
{
    struct found from, to;
    struct changes changes;

    find_ranks(&run->from, scratch->weight, run->queries, &from);
    find_ranks(&run->to, scratch->weight, run->queries, &to);
    add_changes(run, scratch->weight, &changes);
    for (size_t s = 0; s < samples; s++) {
        const struct metrics by = compare_ranks(&from, &to, &changes, s, (double)run->queries);
        store_ranks(value + s, stride, &by);
    }
}

/* The same for hubness. */
static void measure_lists(const struct run *run, struct scratch *scratch, size_t samples, double *value, size_t stride)
{
    struct hubness from[LANES], to[LANES];

    side_hubness(run, &run->from, scratch, from, samples);
    side_hubness(run, &run->to, scratch, to, samples);
    for (size_t s = 0; s < samples; s++) {
        size_t at = BOOTSTRAP_RANKED;
#define STORE(name) value[s + stride * at++] = (double)to[s].name - (double)from[s].name;
        BOOTSTRAP_HUBNESS(STORE)
#undef STORE
    }
}

/* Draws as many queries that have a target as there are. */
static void draw_queries(const struct run *run, size_t first, size_t samples, lanes *weight)
{
    memset(weight, 0, run->lists * sizeof *weight);
    for (size_t s = 0; s < samples; s++) {
        struct random_state random = random_start(run->seed, first + s);
        for (size_t i = 0; i < run->queries; i++)
            weight[run->from.query[random_below(&random, run->queries)].query][s]++;
    }
}

static void draw_lists(const struct run *run, size_t first, size_t samples, lanes *weight)
{
    memset(weight, 0, run->lists * sizeof *weight);
    for (size_t s = 0; s < samples; s++) {
        struct random_state random = random_start(run->seed, first + s);
        for (size_t i = 0; i < run->lists; i++)
            weight[random_below(&random, run->lists)][s]++;
    }
}

static void sample_chunk(void *context, size_t chunk, size_t worker)
{
    const struct run *run = context;
    struct scratch *scratch = &run->scratch[worker];
    size_t first = chunk * LANES, samples = run->samples - first < LANES ? run->samples - first : LANES;

    if (!job_cancelled(run->job) && run->queries) {
        draw_queries(run, first, samples, scratch->weight);
        measure_ranks(run, scratch, samples, run->value + first, run->samples);
    }
    if (!job_cancelled(run->job) && run->k) {
        if (run->queries != run->lists) /* else these are the rows drawn above */
            draw_lists(run, first, samples, scratch->weight);
        measure_lists(run, scratch, samples, run->value + first, run->samples);
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

static void sort_side(struct side *side, size_t queries)
{
    static const double least_missed[CUTS] = {1 + DBL_EPSILON, 6, 11, 51}; /* R@1 needs the first rank alone */
    size_t at = 0;

    memcpy(side->sorted, side->query, queries * sizeof *side->sorted);
    qsort(side->sorted, queries, sizeof *side->sorted, by_rank);
    for (size_t cut = 0; cut < CUTS; cut++) {
        while (at < queries && side->sorted[at].rank < least_missed[cut])
            at++;
        side->cut[cut] = at;
    }
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
    if (run->queries) {
        sort_side(&run->from, run->queries);
        sort_side(&run->to, run->queries);
    }
}

/* The differences on all queries, each drawn once. */
static void compare_all(const struct run *run, double *difference)
{
    struct scratch *scratch = &run->scratch[0];

    for (size_t q = 0; q < run->lists; q++)
        for (size_t s = 0; s < LANES; s++)
            scratch->weight[q][s] = 1;
    if (run->queries)
        measure_ranks(run, scratch, 1, difference, 1);
    if (run->k)
        measure_lists(run, scratch, 1, difference, 1);
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
    size_t chunks = (run->samples + LANES - 1) / LANES;
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
