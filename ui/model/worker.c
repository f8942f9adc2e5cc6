#include "ui/model/worker.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/signals.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct lane_state {
    struct worker *worker;
    pthread_t thread;
    bool started;
    pthread_cond_t wake;
    struct work *waiting, *running;
    size_t untaken;       /* finished and not yet taken */
    char what[WORK_WHAT]; /* used by the posting thread only, like these */
    double from, part;
};

struct worker {
    pthread_mutex_t mutex; /* guards all below */
    struct lane_state lane[LANES];
    struct work *first, *last; /* finished, oldest first */
    bool stop;
    int fd;
};

static void finish(struct worker *worker, struct lane_state *lane, struct work *work)
{
    uint64_t one = 1;

    lane->running = NULL;
    lane->untaken++;
    work->lane = (enum lane)(lane - worker->lane);
    work->next = NULL;
    if (worker->last)
        worker->last->next = work;
    else
        worker->first = work;
    worker->last = work;
    ssize_t written = write(worker->fd, &one, sizeof(one)); /* can only fail when it is readable already */
    (void)written;
}

/* What takes long gives way to what someone waits for, and all of it to the thread that draws. */
static void take_place(enum lane lane)
{
    static const enum pool_urgency urgency[LANES] = {[LANE_QUICK] = POOL_SOON,
                                                     [LANE_HEAVY] = POOL_NORMAL,
                                                     [LANE_LATER] = POOL_LATER,
                                                     [LANE_ENCODER] = POOL_SOON,
                                                     [LANE_FILE] = POOL_NORMAL};
    static const int niceness[LANES] = {[LANE_HEAVY] = 5, [LANE_LATER] = 10, [LANE_FILE] = 5};

    pool_be(urgency[lane]);
    if (niceness[lane]) /* of this thread alone, as Linux has it; refused, it does without */
        setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), getpriority(PRIO_PROCESS, 0) + niceness[lane]);
}

static void *lane_main(void *context)
{
    struct lane_state *lane = context;
    struct worker *worker = lane->worker;

    take_place((enum lane)(lane - worker->lane));
    signals_take_stack();
    pthread_mutex_lock(&worker->mutex);
    while (!worker->stop) {
        struct work *work = lane->waiting;
        if (!work) {
            pthread_cond_wait(&lane->wake, &worker->mutex);
            continue;
        }
        lane->waiting = work->next;
        lane->running = work;
        pthread_mutex_unlock(&worker->mutex);
        work->errand->run(work);
        pthread_mutex_lock(&worker->mutex);
        finish(worker, lane, work);
    }
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

struct worker *worker_new(struct error *error)
{
    struct worker *worker = memory_array(1, sizeof(*worker));
    sigset_t old;

    if (!worker) {
        error_memory(error);
        return NULL;
    }
    pthread_mutex_init(&worker->mutex, NULL);
    for (int i = 0; i < LANES; i++) {
        worker->lane[i].worker = worker;
        pthread_cond_init(&worker->lane[i].wake, NULL);
    }
    if ((worker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) {
        error_system(error, "cannot make an event descriptor");
        goto fail;
    }
    pool_start();        /* before a lane that is niced does */
    signals_block(&old); /* they go to the UI thread */
    for (int i = 0; i < LANES; i++)
        worker->lane[i].started = pthread_create(&worker->lane[i].thread, NULL, lane_main, &worker->lane[i]) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    for (int i = 0; i < LANES; i++) {
        if (!worker->lane[i].started) {
            error_set(error, ERROR_SYSTEM, "cannot start a worker thread");
            goto fail;
        }
    }
    return worker;
fail:
    worker_free(worker);
    return NULL;
}

void work_free(struct work *work)
{
    if (work->errand->free)
        work->errand->free(work);
    else
        free(work);
}

static void free_all(struct work *work)
{
    while (work) {
        struct work *next = work->next;
        work_free(work);
        work = next;
    }
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->mutex);
    worker->stop = true;
    for (int i = 0; i < LANES; i++) {
        if (worker->lane[i].running)
            atomic_store(&worker->lane[i].running->job.cancel, true);
        pthread_cond_signal(&worker->lane[i].wake);
    }
    pthread_mutex_unlock(&worker->mutex);
    for (int i = 0; i < LANES; i++) {
        if (worker->lane[i].started)
            pthread_join(worker->lane[i].thread, NULL);
        free_all(worker->lane[i].waiting);
        pthread_cond_destroy(&worker->lane[i].wake);
    }
    free_all(worker->first);
    if (worker->fd >= 0)
        close(worker->fd);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}

void worker_post(struct worker *worker, enum lane lane, struct work *work)
{
    struct lane_state *state = &worker->lane[lane];

    memcpy(state->what, work->what, sizeof state->what);
    state->from = work->from;
    state->part = work->part > 0 ? work->part : 1;
    pthread_mutex_lock(&worker->mutex);
    struct work **place = &state->waiting;
    while (*place && (*place)->errand->urgency < work->errand->urgency)
        place = &(*place)->next;
    work->next = *place;
    *place = work;
    pthread_cond_signal(&state->wake);
    pthread_mutex_unlock(&worker->mutex);
}

static struct work *unlink_waiting(struct lane_state *lane, bool all, int urgency)
{
    struct work *dropped = NULL;

    for (struct work **place = &lane->waiting; *place;) {
        struct work *work = *place;
        if (!all && work->errand->urgency != urgency) {
            place = &work->next;
            continue;
        }
        *place = work->next;
        work->next = dropped;
        dropped = work;
    }
    return dropped;
}

void worker_drop(struct worker *worker, enum lane lane, int urgency)
{
    pthread_mutex_lock(&worker->mutex);
    struct work *dropped = unlink_waiting(&worker->lane[lane], false, urgency);
    pthread_mutex_unlock(&worker->mutex);
    free_all(dropped);
}

void worker_stop(struct worker *worker, enum lane lane, int urgency)
{
    pthread_mutex_lock(&worker->mutex);
    struct work *running = worker->lane[lane].running;
    if (running && running->errand->urgency == urgency)
        atomic_store(&running->job.cancel, true);
    pthread_mutex_unlock(&worker->mutex);
}

void worker_cancel(struct worker *worker, enum lane lane)
{
    pthread_mutex_lock(&worker->mutex);
    struct work *dropped = unlink_waiting(&worker->lane[lane], true, 0);
    if (worker->lane[lane].running)
        atomic_store(&worker->lane[lane].running->job.cancel, true);
    pthread_mutex_unlock(&worker->mutex);
    free_all(dropped);
}

struct work *worker_take(struct worker *worker)
{
    uint64_t count;

    pthread_mutex_lock(&worker->mutex);
    struct work *work = worker->first;
    if (work) {
        worker->first = work->next;
        if (!worker->first)
            worker->last = NULL;
        worker->lane[work->lane].untaken--;
    } else {
        ssize_t got = read(worker->fd, &count, sizeof(count)); /* nothing left: make it unreadable */
        (void)got;
    }
    pthread_mutex_unlock(&worker->mutex);
    return work;
}

int worker_fd(const struct worker *worker)
{
    return worker->fd;
}

bool worker_lane_idle(struct worker *worker, enum lane lane)
{
    struct lane_state *state = &worker->lane[lane];

    pthread_mutex_lock(&worker->mutex);
    bool idle = !state->waiting && !state->running && !state->untaken;
    pthread_mutex_unlock(&worker->mutex);
    return idle;
}

const char *worker_what(const struct worker *worker, enum lane lane)
{
    return worker->lane[lane].what;
}

double worker_share(struct worker *worker, enum lane lane)
{
    size_t done = 0, total = 0;

    pthread_mutex_lock(&worker->mutex);
    if (worker->lane[lane].running) {
        done = atomic_load(&worker->lane[lane].running->job.done);
        total = atomic_load(&worker->lane[lane].running->job.total);
    }
    pthread_mutex_unlock(&worker->mutex);
    const struct lane_state *state = &worker->lane[lane];
    return state->from + (total ? (done < total ? (double)done / (double)total : 1) : 0) * state->part;
}
