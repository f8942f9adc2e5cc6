#include "engine/matrices/sims_split.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <stdlib.h>
#include <string.h>

enum { FLOATS_AT_ONCE = 8 << 20 }; /* sent between two exchanges: 32 MB */

bool sims_split_wanted(const struct sims *sims)
{
    return crew_splits() && !sims->stored;
}

/* The largest number of products that a process has. */
static size_t most_products(const struct sims_split *split)
{
    return crew_start(split->cut.products, 1);
}

static size_t widest(const struct sims_split *split)
{
    size_t last = sims_cut_columns(&split->cut, split->sims->cols, split->cut.products - 1).count;

    return last > split->cut.width ? last : split->cut.width;
}

bool sims_split_open(struct sims_split *split, const struct sims *sims, struct sims_cut cut, size_t rows,
                     struct job *job)
{
    size_t size = crew_size(), workers = pool_workers();

    *split = (struct sims_split){.sims = sims, .cut = cut, .rows = rows, .job = job};
    size_t each = rows * widest(split), most = FLOATS_AT_ONCE / size / each;
    split->at_once = most < 1 ? 1 : most < most_products(split) ? most : most_products(split);
    split->at = memory_array(size, sizeof *split->at);
    split->sent = memory_array(size, sizeof *split->sent);
    split->got = memory_array(size, sizeof *split->got);
    split->left = memory_floats(size * sims_scratch(sims, rows, 0));
    split->given = memory_floats(size * split->at_once * each);
    split->taken = memory_floats(size * split->at_once * each);
    split->scratch = memory_array(workers, sizeof *split->scratch);
    if (!split->at || !split->sent || !split->got || !split->left || !split->given || !split->taken || !split->scratch)
        return false;
    for (size_t w = 0; w < workers; w++)
        if (!(split->scratch[w] = memory_floats(sims_scratch(sims, 0, widest(split)))))
            return false;
    return true;
}

bool sims_split_count(struct sims_split *split, size_t counters,
                      void (*count)(void *context, size_t counter, const struct sims_counts *each, size_t several,
                                    struct span columns),
                      void *context)
{
    size_t size = crew_size(), cells = size * split->at_once * split->rows * widest(split);

    split->counters = counters;
    split->count = count;
    split->context = context;
    split->given_counts = memory_array(cells, sizeof *split->given_counts);
    split->taken_counts = memory_array(cells, sizeof *split->taken_counts);
    split->each = memory_array(pool_workers() * size, sizeof *split->each);
    return split->given_counts && split->taken_counts && split->each;
}

void sims_split_close(struct sims_split *split)
{
    free(split->given_counts);
    free(split->taken_counts);
    free(split->each);
    for (size_t w = 0; split->scratch && w < pool_workers(); w++)
        free(split->scratch[w]);
    free(split->at);
    free(split->sent);
    free(split->got);
    free(split->left);
    free(split->given);
    free(split->taken);
    free(split->scratch);
    *split = (struct sims_split){0};
}

/* The products of process `rank` in a round. */
static struct span products_of(const struct sims_split *split, size_t rank, size_t round)
{
    size_t start = crew_start(split->cut.products, rank), end = crew_start(split->cut.products, rank + 1);
    struct span products = tiles_span(round, split->at_once, end - start);

    products.start += start;
    return products;
}

/* The columns of some products, which follow each other. */
static struct span columns_of(const struct sims_split *split, struct span products)
{
    if (!products.count)
        return (struct span){0, 0};
    struct span first = sims_cut_columns(&split->cut, split->sims->cols, products.start);
    struct span last = sims_cut_columns(&split->cut, split->sims->cols, products.start + products.count - 1);
    return (struct span){first.start, last.start + last.count - first.start};
}

/* Where among the similarities, or counts, of all processes those for (or from) one begin, after those of the ones
 * before. */
static size_t place_of(const size_t *bytes, size_t rank)
{
    size_t before = 0;

    for (size_t r = 0; r < rank; r++)
        before += bytes[r];
    return before / sizeof(float);
}

_Static_assert(sizeof(float) == sizeof(uint32_t), "counts go where similarities went");

struct round {
    struct sims_split *split;
    size_t number;
    struct span products; /* this process's */
    size_t counter;
    const void *from; /* what was taken */
    void *out;        /* four bytes a number */
    size_t stride;
};

/* Whether a process is at the same rows as process 0, which has the same similarities then. */
static bool repeats(const struct sims_split *split, size_t rank)
{
    const struct span *at = split->at;

    return rank && at[rank].start == at[0].start && at[rank].count == at[0].count;
}

/* One product for the rows of one process. */
static void multiply_chunk(void *context, size_t chunk, size_t worker)
{
    const struct round *round = context;
    struct sims_split *split = round->split;
    size_t rank = chunk / round->products.count, product = round->products.start + chunk % round->products.count;
    struct span rows = split->at[rank], col = sims_cut_columns(&split->cut, split->sims->cols, product);
    struct span all = columns_of(split, round->products);
    struct sims sims = *split->sims;
    size_t converted = sims_scratch(split->sims, 1, 0);
    struct matrix left;

    if (rows.count && !repeats(split, rank) && !job_cancelled(split->job)) {
        if (converted) {
            left = matrix_view(split->left + rank * split->rows * converted, rows.count, sims.left->cols);
            sims.left = &left;
            sims.row_map = NULL;
            rows.start = 0;
        }
        sims_block(&sims, rows.start, rows.count, col.start, col.count,
                   split->given + place_of(split->sent, rank) + col.start - all.start, all.count,
                   split->scratch[worker]);
    }
    job_step(split->job);
}

/* Puts what one process has sent into its columns. */
static void put_chunk(void *context, size_t rank, size_t worker)
{
    const struct round *round = context;
    struct sims_split *split = round->split;
    struct span col = columns_of(split, products_of(split, rank, round->number));
    const uint32_t *from = (const uint32_t *)round->from + place_of(split->got, rank);

    (void)worker;
    for (size_t i = 0; i < split->at[crew_rank()].count; i++)
        memcpy((uint32_t *)round->out + i * round->stride + col.start, from + i * col.count, col.count * sizeof *from);
}

/* Counts one product for the rows of all processes. */
static void count_chunk(void *context, size_t chunk, size_t worker)
{
    const struct round *round = context;
    const struct sims_split *split = round->split;
    struct span col = sims_cut_columns(&split->cut, split->sims->cols, round->products.start + chunk);
    struct span all = columns_of(split, round->products);
    struct sims_counts *each = split->each + worker * crew_size();
    size_t several = 0;

    for (size_t r = 0; r < crew_size(); r++) {
        size_t at = place_of(split->sent, r) + col.start - all.start;
        if (split->at[r].count)
            each[several++] =
                (struct sims_counts){split->at[r], split->given + at, split->given_counts + at, all.count};
    }
    if (several && !job_cancelled(split->job))
        split->count(split->context, round->counter, each, several, col);
}

/* Sends every process what is its, and puts what comes into `out`. */
static int exchange(struct round *round, const void *given, void *taken, void *out, struct error *error)
{
    struct sims_split *split = round->split;

    round->from = taken;
    round->out = out;
    if (crew_swap(given, split->sent, taken, split->got, error))
        return -1;
    pool_run(crew_size(), put_chunk, round);
    return 0;
}

static int do_round(struct round *round, float *out, uint32_t *const *counts, struct error *error)
{
    struct sims_split *split = round->split;
    size_t size = crew_size(), rows = split->at[crew_rank()].count;

    round->products = products_of(split, crew_rank(), round->number);
    for (size_t r = 0; r < size; r++) {
        split->sent[r] = split->at[r].count * columns_of(split, round->products).count * sizeof(float);
        split->got[r] = rows * columns_of(split, products_of(split, r, round->number)).count * sizeof(float);
    }
    pool_run(size * round->products.count, multiply_chunk, round);
    for (size_t r = 1; r < size; r++)
        if (repeats(split, r))
            memcpy(split->given + place_of(split->sent, r), split->given, split->sent[r]);
    if (job_cancelled(split->job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    if (exchange(round, split->given, split->taken, out, error))
        return -1;
    for (round->counter = 0; round->counter < split->counters; round->counter++) {
        pool_run(round->products.count, count_chunk, round);
        if (job_cancelled(split->job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (exchange(round, split->given_counts, split->taken_counts, counts[round->counter], error))
            return -1;
    }
    return 0;
}

int sims_split_rows(struct sims_split *split, struct span rows, float *out, size_t stride, uint32_t *const *counts,
                    struct error *error)
{
    struct round round = {.split = split, .stride = stride};
    size_t converted = sims_scratch(split->sims, 1, 0);
    int status = crew_collect(&rows, sizeof rows, split->at, error);

    for (size_t r = 0; r < crew_size() && converted && !status; r++)
        if (split->at[r].count)
            sims_rows(split->sims, split->at[r].start, split->at[r].count, split->left + r * split->rows * converted);
    for (; round.number < tiles_ceil(most_products(split), split->at_once) && !status; round.number++)
        status = do_round(&round, out, counts, error);
    return status;
}
