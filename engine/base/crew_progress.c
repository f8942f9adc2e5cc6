#include "engine/base/crew_progress.h"

#include "engine/base/clock.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"

#include <pthread.h>
#include <stdlib.h>

#define PERIOD 0.2 /* seconds between two messages of a process */

_Static_assert(sizeof(struct crew_standing) <= CREW_MESSAGE, "a message holds where a process stands");

static const struct crew_link *link;
static pthread_t joined; /* the thread that may use it */
static double last;      /* when it did */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static struct job *job;
static struct crew_standing own;       /* without the steps */
static double since;                   /* when it began to wait */
static struct crew_standing *standing; /* (size) in process 0: what is known of each; its own is `own` */

void crew_progress_join(const struct crew_link *to)
{
    free(standing);
    link = to;
    joined = pthread_self();
    job = NULL;
    own = (struct crew_standing){0};
    standing = link && link->rank == 0 ? memory_array(link->size, sizeof *standing) : NULL; /* null: shows its own */
    pool_between(link ? crew_progress_pulse : NULL);
}

/* Call it with the lock held. */
static struct crew_standing own_now(void)
{
    struct crew_standing at = own;

    at.done = job ? atomic_load(&job->done) : 0;
    at.total = job ? atomic_load(&job->total) : 0;
    at.waited += at.waits ? clock_seconds() - since : 0;
    return at;
}

void crew_progress_watch(struct job *watched)
{
    pthread_mutex_lock(&lock);
    job = watched;
    own.waited = 0;
    for (size_t r = 0; standing && r < link->size; r++) {
        standing[r].done = standing[r].total = 0;
        standing[r].waited = 0;
    }
    pthread_mutex_unlock(&lock);
}

/* Unless more is known of that process. */
void crew_progress_hear(size_t rank, const struct crew_standing *at)
{
    pthread_mutex_lock(&lock);
    struct crew_standing *known = standing ? &standing[rank] : NULL;
    if (known && at->exchanges + at->waits >= known->exchanges + known->waits)
        *known = *at;
    pthread_mutex_unlock(&lock);
}

void crew_progress_pulse(void)
{
    if (!link || !pthread_equal(pthread_self(), joined))
        return;
    double time = clock_seconds();
    if (time - last < PERIOD)
        return;
    last = time;
    struct crew_standing at;
    size_t from;
    if (link->rank == 0) {
        for (size_t i = 1; standing && i < link->size && link->receive(link->context, &at, sizeof at, &from); i++)
            crew_progress_hear(from, &at);
        return;
    }
    pthread_mutex_lock(&lock);
    at = own_now();
    bool working = job;
    pthread_mutex_unlock(&lock);
    if (working)
        link->send(link->context, &at, sizeof at);
}

struct crew_standing crew_progress_wait(void)
{
    pthread_mutex_lock(&lock);
    own.waits = 1;
    since = clock_seconds();
    struct crew_standing at = own_now();
    pthread_mutex_unlock(&lock);
    return at;
}

void crew_progress_met(void)
{
    pthread_mutex_lock(&lock);
    own.waited = own_now().waited;
    own.waits = 0;
    own.exchanges++;
    for (size_t r = 0; standing && r < link->size; r++) {
        standing[r].exchanges = own.exchanges;
        standing[r].waits = 0;
    }
    pthread_mutex_unlock(&lock);
}

static double share_of(const struct crew_standing *at)
{
    return at->total == 0 ? 0 : at->done < at->total ? (double)at->done / (double)at->total : 1;
}

static bool behind(const struct crew_standing *a, const struct crew_standing *b)
{
    if (a->exchanges != b->exchanges)
        return a->exchanges < b->exchanges;
    return a->waits != b->waits ? a->waits < b->waits : share_of(a) < share_of(b);
}

struct crew_slowest crew_progress_slowest(void)
{
    pthread_mutex_lock(&lock);
    struct crew_standing at = own_now();
    double most = at.waited;
    size_t slowest = 0;
    for (size_t r = 1; standing && r < link->size; r++) {
        most = standing[r].waited > most ? standing[r].waited : most;
        if (behind(&standing[r], &at)) {
            at = standing[r];
            slowest = r;
        }
    }
    pthread_mutex_unlock(&lock);
    return (struct crew_slowest){.rank = slowest, .share = share_of(&at), .waited_for = most - at.waited};
}
