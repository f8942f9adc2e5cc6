#include "engine/base/crew.h"

#include "engine/base/clock.h"
#include "engine/base/crew_progress.h"
#include "engine/base/memory.h"

#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct crew_link *link;
static size_t pretended_rank, pretended_size = 1; /* while alone */
static const struct crew_store *store;            /* of runs that never meet */
static size_t stored;                             /* exchanges kept or found there */
static bool split;                                /* the gallery */
static struct crew_cost cost;
static bool over;            /* some process has failed, or all have ended */
static struct error failure; /* whose, if it failed */
static size_t failed_rank;   /* which process that is */

enum operation { FILL = 1, COLLECT, SWAP, SUM, TELL, SAME, END };

/* What processes tell each other before each exchange. */
struct header {
    uint32_t operation, failed;    /* failed: enum error_kind of this process */
    uint64_t exchange, bytes;      /* how many there were, and what this one moves: must be the same for all */
    struct crew_standing standing; /* each process's own */
};

void crew_join(const struct crew_link *joined)
{
    link = joined && joined->size > 1 ? joined : NULL;
    cost = (struct crew_cost){0};
    over = false;
    failure = (struct error){0};
    failed_rank = 0;
    crew_progress_join(link);
}

void crew_divide(const struct crew_store *divided)
{
    store = divided;
    stored = 0;
}

bool crew_divided(void)
{
    return store;
}

bool crew_shares(void)
{
    return store && store->rank < store->size;
}

bool crew_merges(void)
{
    return store && store->rank == store->size;
}

void crew_split(bool wanted)
{
    split = wanted;
}

bool crew_splits(void)
{
    return split && link;
}

size_t crew_size(void)
{
    return link ? link->size : store ? store->size : 1;
}

size_t crew_rank(void)
{
    return link ? link->rank : store ? store->rank : 0;
}

bool crew_meets(void)
{
    return link;
}

bool crew_leads(void)
{
    return !link || link->rank == 0;
}

struct crew_cost crew_cost(void)
{
    return cost;
}

void crew_name(size_t rank, char name[CREW_NAME])
{
    const char *host = link && link->host ? link->host(link->context, rank) : NULL;

    snprintf(name, CREW_NAME, "process %zu%s%s", rank, host ? " on " : "", host ? host : "");
}

void crew_pretend(size_t rank, size_t size)
{
    pretended_rank = rank;
    pretended_size = size;
}

size_t crew_start(size_t blocks, size_t rank)
{
    size_t size = link || store ? crew_size() : pretended_size;
    size_t more = blocks % size; /* the first ones have one block more */

    return rank < size ? blocks / size * rank + (rank < more ? rank : more) : blocks;
}

struct crew_share crew_share(size_t blocks)
{
    size_t rank = link || store ? crew_rank() : pretended_rank, start = crew_start(blocks, rank);

    return (struct crew_share){start, crew_start(blocks, rank + 1) - start};
}

static int lost(struct error *error)
{
    over = true;
    error_set(&failure, ERROR_SYSTEM, "the connection to the other processes was lost");
    if (error)
        *error = failure;
    return -1;
}

/* Gives everybody the error of process `rank`. */
static int spread_failure(size_t rank, size_t *bytes, struct error *error)
{
    memset(bytes, 0, link->size * sizeof *bytes);
    bytes[rank] = sizeof failure;
    if (error && rank == link->rank)
        failure = *error;
    if (link->gather(link->context, &failure, bytes, &failure))
        return lost(error);
    over = true;
    failed_rank = rank;
    if (error)
        *error = failure;
    return -1;
}

/* Compares what the processes are about to do. */
static int judge(const struct header *all, size_t *bytes, struct error *error)
{
    const struct header *own = &all[link->rank];

    for (size_t r = 0; r < link->size; r++)
        if (all[r].failed)
            return spread_failure(r, bytes, error);
    for (size_t r = 0; r < link->size; r++)
        if (memcmp(&all[r], &all[0], offsetof(struct header, standing)) != 0) {
            over = true;
            error_set(&failure, ERROR_SYSTEM, "processes 0 and %zu do not do the same: were they started alike?", r);
            if (error)
                *error = failure;
            return -1;
        }
    cost.exchanges++;
    cost.bytes += own->bytes;
    return 0;
}

/* Waits a moment for the others: awake at first, then asleep for a small share of the time waited so far. */
static void wait_on(double waited)
{
    enum { AWAKE_NS = 1000000, MOST_NS = 1000000, SHARE = 50 };
    double ns = waited * 1e9;

    if (ns < AWAKE_NS)
        sched_yield();
    else
        nanosleep(&(struct timespec){.tv_nsec = (long)(ns < MOST_NS * SHARE ? ns / SHARE : MOST_NS)}, NULL);
}

/* Collects the headers of all, and shows meanwhile how far they are. */
static int collect_headers(struct header *own, struct header *all)
{
    double began = clock_seconds();
    bool complete = false;

    own->standing = crew_progress_wait();
    if (link->meet(link->context, own, sizeof *own, all))
        return -1;
    while (!complete) {
        if (link->met(link->context, &complete))
            return -1;
        if (complete)
            break;
        crew_progress_pulse();
        wait_on(clock_seconds() - began);
    }
    for (size_t r = 0; r < link->size; r++)
        crew_progress_hear(r, &all[r].standing);
    crew_progress_met();
    return 0;
}

/* Meets the others before an exchange of `bytes` bytes; `failed` is this process's failure. */
static int meet(enum operation operation, enum error_kind failed, size_t bytes, struct error *error)
{
    struct header own = {.operation = operation, .failed = failed, .exchange = cost.exchanges, .bytes = bytes};

    if (over) {
        if (error && failure.kind)
            *error = failure;
        return failure.kind ? -1 : 0;
    }
    struct header *all = memory_array(link->size, sizeof *all);
    size_t *sizes = memory_array(link->size, sizeof *sizes);
    int status = -1;
    if (!all || !sizes) /* without memory for a few bytes there is no way to inform the others */
        lost(error);
    else
        status = collect_headers(&own, all) ? lost(error) : judge(all, sizes, error);
    free(all);
    free(sizes);
    return status;
}

static int gather(const void *own, const size_t *bytes, void *all, struct error *error)
{
    return link->gather(link->context, own, bytes, all) ? lost(error) : 0;
}

/* Keeps the share of this run, or puts together what all others have kept. */
static int exchange_stored(const void *own, size_t (*share)(const void *, size_t), const void *shares, char *all,
                           struct error *error)
{
    size_t number = stored++;

    if (crew_shares())
        return store->keep(store->context, number, own, share(shares, store->rank));
    for (size_t r = 0; r < store->size; r++) {
        size_t bytes = share(shares, r);
        const void *found = store->find(store->context, number, r, bytes, error);
        if (!found)
            return -1;
        memcpy(all, found, bytes);
        all += bytes;
    }
    return 0;
}

/* Meets the others and collects share(rank) bytes of each. */
static int exchange(enum operation operation, size_t moved, const void *own, size_t (*share)(const void *, size_t),
                    const void *shares, void *all, struct error *error)
{
    double began = clock_seconds();

    if (store)
        return exchange_stored(own, share, shares, all, error);
    size_t *bytes = memory_array(link->size, sizeof *bytes);
    if (!bytes)
        return error_memory(error);
    for (size_t r = 0; r < link->size; r++)
        bytes[r] = share(shares, r);
    int status = meet(operation, ERROR_NONE, moved, error) || (!over && gather(own, bytes, all, error)) ? -1 : 0;
    free(bytes);
    cost.seconds += clock_seconds() - began;
    return status;
}

struct blocks {
    size_t blocks, bytes, total;
};

/* Where the share of process `rank` begins, in bytes. */
static size_t begin_of(const struct blocks *blocks, size_t rank)
{
    size_t start = crew_start(blocks->blocks, rank);

    return start == blocks->blocks ? blocks->total : start * blocks->bytes;
}

static size_t share_of_blocks(const void *shares, size_t rank)
{
    return begin_of(shares, rank + 1) - begin_of(shares, rank);
}

int crew_fill(void *array, size_t blocks, size_t bytes, size_t total, struct error *error)
{
    const struct blocks shares = {blocks, bytes, total};

    if (!link && !store)
        return 0;
    return exchange(FILL, total, (char *)array + begin_of(&shares, crew_rank()), share_of_blocks, &shares, array,
                    error);
}

static size_t share_equally(const void *bytes, size_t rank)
{
    (void)rank;
    return *(const size_t *)bytes;
}

int crew_collect(const void *own, size_t bytes, void *all, struct error *error)
{
    if (link || store)
        return exchange(COLLECT, bytes * crew_size(), own, share_equally, &bytes, all, error);
    memcpy(all, own, bytes);
    return 0;
}

int crew_swap(const void *own, const size_t *sent, void *all, const size_t *got, struct error *error)
{
    double began = clock_seconds();
    int status = meet(SWAP, ERROR_NONE, 0, error);

    if (!status && !over && link->swap(link->context, own, sent, all, got))
        status = lost(error);
    for (size_t r = 0; r < link->size; r++)
        cost.bytes += r == link->rank ? 0 : got[r];
    cost.seconds += clock_seconds() - began;
    return status;
}

int crew_sum(double *x, size_t count, struct error *error)
{
    if (!link)
        return 0;
    double began = clock_seconds();
    int status = meet(SUM, ERROR_NONE, count * sizeof *x, error);
    if (!status && !over && link->sum(link->context, x, count))
        status = lost(error);
    cost.seconds += clock_seconds() - began;
    return status;
}

int crew_any(unsigned char *flag, size_t count, struct error *error)
{
    enum { AT_ONCE = 1 << 18 };
    double *some = link ? memory_array(count < AT_ONCE ? count : AT_ONCE, sizeof *some) : NULL;
    int status = link && !some ? error_memory(error) : 0;

    for (size_t first = 0; link && first < count && !status; first += AT_ONCE) {
        size_t length = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (size_t i = 0; i < length; i++)
            some[i] = flag[first + i];
        status = crew_sum(some, length, error);
        for (size_t i = 0; i < length && !status; i++)
            flag[first + i] = some[i] > 0;
    }
    free(some);
    return status;
}

static size_t share_of_leader(const void *bytes, size_t rank)
{
    return rank == 0 ? *(const size_t *)bytes : 0;
}

int crew_tell(void *x, size_t bytes, struct error *error)
{
    return link ? exchange(TELL, bytes, x, share_of_leader, &bytes, x, error) : 0;
}

static int differs(size_t rank, const char *what, struct error *error)
{
    char name[CREW_NAME];

    crew_name(rank, name);
    return error_set(error, ERROR_INPUT, "%s %s", name, what);
}

int crew_same(const void *x, size_t bytes, const char *what, struct error *error)
{
    if (!link)
        return 0;
    char *all = memory_array(link->size, bytes);
    if (!all)
        return error_memory(error);
    int status = exchange(SAME, bytes * link->size, x, share_equally, &bytes, all, error);
    for (size_t r = 1; r < link->size && !status; r++)
        if (memcmp(all, all + r * bytes, bytes) != 0)
            status = differs(r, what, error);
    free(all);
    return status;
}

int crew_end(int status, struct error *error)
{
    if (!link)
        return status;
    int together = meet(END, status < 0 ? error->kind ? error->kind : ERROR_SYSTEM : ERROR_NONE, 0, error);
    over = true;
    return together ? -1 : status;
}

size_t crew_failed(void)
{
    return failed_rank;
}
