/* A crew of processes on this machine, forked from a test, that exchange through shared memory; and runs that never
 * meet. */
#ifndef HUBSCOPE_TESTS_CREW_MADE_H
#define HUBSCOPE_TESTS_CREW_MADE_H

#include "engine/base/crew.h"
#include "engine/base/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CREW_ROOM = 64 << 20, CREW_SECONDS = 120 };

enum { CREW_MOST = 16 }; /* processes */

struct crew_room {
    pthread_barrier_t barrier;
    atomic_size_t come; /* to all meetings so far */
    atomic_bool sent[CREW_MOST];
    char met[2][CREW_MOST][256], message[CREW_MOST][CREW_MESSAGE];
    size_t rank, size, meetings; /* each process's own: the room itself is copied */
    size_t bytes;
    void *all;
    char *shared;
};

static inline struct crew_room *crew_made_common(const struct crew_room *room)
{
    return (struct crew_room *)(room->shared - sizeof(struct crew_room));
}

static int crew_made_gather(void *context, const void *own, const size_t *bytes, void *all)
{
    struct crew_room **shared = context, *room = *shared;
    size_t at = 0, total = 0;

    for (size_t r = 0; r < room->size; r++) {
        at += r < room->rank ? bytes[r] : 0;
        total += bytes[r];
    }
    if (total > CREW_ROOM)
        return -1;
    memcpy(room->shared + at, own, bytes[room->rank]);
    pthread_barrier_wait((pthread_barrier_t *)(room->shared - sizeof(struct crew_room)));
    memcpy(all, room->shared, total);
    pthread_barrier_wait((pthread_barrier_t *)(room->shared - sizeof(struct crew_room)));
    return 0;
}

static int crew_made_sum(void *context, double *x, size_t count)
{
    struct crew_room **shared = context, *room = *shared;
    size_t bytes[16];
    double *all = malloc(room->size * count * sizeof *all);

    for (size_t r = 0; r < room->size; r++)
        bytes[r] = count * sizeof *x;
    int status = !all || crew_made_gather(context, x, bytes, all);
    for (size_t j = 0; j < count && !status; j++) {
        x[j] = 0;
        for (size_t r = room->size; r-- > 0;) /* from the last one: the order must not matter */
            x[j] += all[r * count + j];
    }
    free(all);
    return status;
}

/* Each process leaves what it sends in a room of its own, behind the sizes. */
static int crew_made_swap(void *context, const void *own, const size_t *sent, void *all, const size_t *got)
{
    struct crew_room **shared = context, *room = *shared;
    size_t each = CREW_ROOM / room->size / 64 * 64, sizes = room->size * sizeof *sent, total = 0;
    char *to = room->shared + room->rank * each;
    int status = 0;

    for (size_t r = 0; r < room->size; r++)
        total += sent[r];
    if (sizes + total > each)
        return -1;
    memcpy(to, sent, sizes);
    memcpy(to + sizes, own, total);
    pthread_barrier_wait((pthread_barrier_t *)(room->shared - sizeof(struct crew_room)));
    for (size_t r = 0, at = 0; r < room->size; at += got[r++]) {
        const char *from = room->shared + r * each;
        const size_t *size = (const size_t *)from;
        size_t before = 0;
        for (size_t q = 0; q < room->rank; q++)
            before += size[q];
        status = status || size[room->rank] != got[r];
        memcpy((char *)all + at, from + sizes + before, got[r]);
    }
    pthread_barrier_wait((pthread_barrier_t *)(room->shared - sizeof(struct crew_room)));
    return status ? -1 : 0;
}

/* Two meetings in turn: whoever comes to the next one has read the last. */
static int crew_made_meet(void *context, const void *own, size_t bytes, void *all)
{
    struct crew_room **shared = context, *room = *shared, *common = crew_made_common(room);

    if (bytes > sizeof common->met[0][0])
        return -1;
    memcpy(common->met[room->meetings++ % 2][room->rank], own, bytes);
    room->all = all;
    room->bytes = bytes;
    atomic_fetch_add(&common->come, 1);
    return 0;
}

static int crew_made_met(void *context, bool *complete)
{
    struct crew_room **shared = context, *room = *shared, *common = crew_made_common(room);

    *complete = atomic_load(&common->come) >= room->meetings * room->size;
    for (size_t r = 0; r < room->size && *complete; r++)
        memcpy((char *)room->all + r * room->bytes, common->met[(room->meetings - 1) % 2][r], room->bytes);
    return 0;
}

static void crew_made_send(void *context, const void *message, size_t bytes)
{
    struct crew_room **shared = context, *room = *shared, *common = crew_made_common(room);

    if (atomic_load(&common->sent[room->rank]))
        return;
    memcpy(common->message[room->rank], message, bytes);
    atomic_store(&common->sent[room->rank], true);
}

static bool crew_made_receive(void *context, void *message, size_t bytes, size_t *from)
{
    struct crew_room **shared = context, *room = *shared, *common = crew_made_common(room);

    for (*from = 0; *from < room->size; ++*from)
        if (atomic_load(&common->sent[*from])) {
            memcpy(message, common->message[*from], bytes);
            atomic_store(&common->sent[*from], false);
            return true;
        }
    return false;
}

/* Runs a function in `size` processes, of which the test is the first; returns how many failed (returned not 0). */
static inline int crew_made_run(size_t size, int (*function)(void *context), void *context)
{
    char *shared =
        mmap(NULL, sizeof(struct crew_room) + CREW_ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct crew_room own = {.size = size, .shared = shared + sizeof(struct crew_room)}, *room = &own;
    struct crew_link link = {.size = size,
                             .gather = crew_made_gather,
                             .sum = crew_made_sum,
                             .swap = crew_made_swap,
                             .meet = crew_made_meet,
                             .met = crew_made_met,
                             .send = crew_made_send,
                             .receive = crew_made_receive,
                             .context = &room};
    pthread_barrierattr_t attributes;
    pid_t child[CREW_MOST];
    int failed = 0;

    if (shared == MAP_FAILED)
        return -1;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init((pthread_barrier_t *)shared, &attributes, (unsigned)size);
    pool_set_workers(1); /* threads do not survive a fork */
    for (size_t r = 1; r < size; r++)
        if ((child[r] = fork()) == 0) {
            alarm(CREW_SECONDS);
            own.rank = link.rank = r;
            crew_join(&link);
            _exit(function(context) != 0);
        }
    crew_join(&link);
    failed += function(context) != 0;
    crew_join(NULL);
    for (size_t r = 1; r < size; r++) {
        int status = 1;
        waitpid(child[r], &status, 0);
        failed += status != 0;
    }
    munmap(shared, sizeof(struct crew_room) + CREW_ROOM);
    return failed;
}

/* What runs that never meet have kept, one after the other. */
struct kept {
    void *bytes[16][64];
    size_t size[16][64];
    size_t rank;
};

static int keep(void *context, size_t exchange, const void *own, size_t bytes)
{
    struct kept *kept = context;

    assert_true(exchange < 64);
    memcpy(kept->bytes[kept->rank][exchange] = malloc(bytes + 1), own, bytes);
    kept->size[kept->rank][exchange] = bytes;
    return 0;
}

static const void *find(void *context, size_t exchange, size_t rank, size_t bytes, struct error *error)
{
    struct kept *kept = context;

    if (exchange < 64 && kept->bytes[rank][exchange] && kept->size[rank][exchange] == bytes)
        return kept->bytes[rank][exchange];
    error_set(error, ERROR_INPUT, "not kept");
    return NULL;
}

#endif
