#include "engine/base/pool.h"
#include "engine/base/memory.h"
#include "engine/base/signals.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { WORKERS_MAX = 256 };

struct run {
    pool_chunk *function;
    void *context;
    size_t chunks;
    atomic_size_t next;
    enum pool_urgency urgency;
    size_t helpers; /* guarded by `help` */
};

enum { URGENCIES = POOL_SOON + 1 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* held by the run that uses the threads */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, idle = PTHREAD_COND_INITIALIZER;
static pthread_t *threads;  /* (thread_count) */
static size_t thread_count; /* threads running: workers - 1, or fewer if the system refuses more */
static size_t busy;         /* threads that have not finished the current run */
static unsigned generation; /* counts runs */
static struct run *current;
static bool stopping;

static void (*between_chunks)(void);
static atomic_size_t worker_count; /* 0: not decided yet */
static pthread_once_t watched = PTHREAD_ONCE_INIT;
static pthread_mutex_t help = PTHREAD_MUTEX_INITIALIZER; /* guards the runs that wait for help */
static pthread_cond_t helped = PTHREAD_COND_INITIALIZER, calmer = PTHREAD_COND_INITIALIZER;
static struct run *waiting[URGENCIES];
static atomic_int most_urgent = -1; /* of them; -1: none waits */

static _Thread_local enum pool_urgency own_urgency = POOL_NORMAL;
static _Thread_local struct run *inside; /* of which this thread is running a chunk, or null */
static _Thread_local size_t inside_worker;

static void set_most_urgent(void)
{
    int most = URGENCIES - 1;

    while (most >= 0 && !waiting[most])
        most--;
    if (most < atomic_exchange(&most_urgent, most))
        pthread_cond_broadcast(&calmer);
}

/* Asks for help with a run; false if another one of its urgency waits. */
static bool call_for_help(struct run *run)
{
    pthread_mutex_lock(&help);
    bool free = !waiting[run->urgency];
    if (free)
        waiting[run->urgency] = run;
    set_most_urgent();
    pthread_mutex_unlock(&help);
    return free;
}

/* Once no chunk is left to take: returns when the helpers have done theirs. */
static void thank_helpers(struct run *run)
{
    pthread_mutex_lock(&help);
    waiting[run->urgency] = NULL;
    set_most_urgent();
    while (run->helpers)
        pthread_cond_wait(&helped, &help);
    pthread_mutex_unlock(&help);
}

static bool is_overtaken(const struct run *run)
{
    return atomic_load(&most_urgent) > (int)run->urgency;
}

/* Worker 0 is the thread that began the run. */
static void do_chunk(pool_chunk *function, void *context, size_t chunk, size_t worker)
{
    function(context, chunk, worker);
    if (between_chunks && worker == 0)
        between_chunks();
}

/* Does the next chunk of the run; returns false when none is left. */
static bool take_chunk(struct run *run, size_t worker)
{
    struct run *outer = inside;
    size_t outer_worker = inside_worker, chunk = atomic_fetch_add(&run->next, 1);

    if (chunk >= run->chunks)
        return false;
    inside = run;
    inside_worker = worker;
    do_chunk(run->function, run->context, chunk, worker);
    inside = outer;
    inside_worker = outer_worker;
    return true;
}

static bool do_next(struct run *run, size_t worker);

/* Does chunks of a more urgent run, if one waits. */
static void help_others(const struct run *run, size_t worker)
{
    pthread_mutex_lock(&help);
    int most = atomic_load(&most_urgent);
    struct run *other = most > (int)run->urgency ? waiting[most] : NULL;
    if (other)
        other->helpers++;
    pthread_mutex_unlock(&help);
    if (!other)
        return;
    while (do_next(other, worker))
        ;
    pthread_mutex_lock(&help);
    if (--other->helpers == 0)
        pthread_cond_broadcast(&helped);
    pthread_mutex_unlock(&help);
}

/* Leaves the processor to more urgent runs. */
static void wait_for_others(const struct run *run)
{
    pthread_mutex_lock(&help);
    while (is_overtaken(run))
        pthread_cond_wait(&calmer, &help);
    pthread_mutex_unlock(&help);
}

/* Worker 0, as which every run's own thread counts, helps nobody: its scratch is the other thread's. */
static void give_way(const struct run *run, size_t worker)
{
    if (!is_overtaken(run))
        return;
    if (worker)
        help_others(run, worker);
    else
        wait_for_others(run);
}

void pool_give_way(void)
{
    if (inside)
        give_way(inside, inside_worker);
}

/* Does the next chunk of the run after more urgent runs; returns false when none is left. */
static bool do_next(struct run *run, size_t worker)
{
    give_way(run, worker);
    return take_chunk(run, worker);
}

static void *work(void *argument)
{
    size_t worker = (size_t)(uintptr_t)argument;
    unsigned seen = 0;

    signals_take_stack();
    pthread_mutex_lock(&lock);
    for (;;) {
        while (generation == seen && !stopping)
            pthread_cond_wait(&wake, &lock);
        if (stopping)
            break;
        seen = generation;
        struct run *run = current;
        pthread_mutex_unlock(&lock);
        while (do_next(run, worker))
            ;
        pthread_mutex_lock(&lock);
        if (--busy == 0)
            pthread_cond_signal(&idle);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static size_t default_workers(void)
{
    const char *text = getenv("HUBSCOPE_THREADS");
    cpu_set_t set;

    if (text && *text) {
        char *end;
        unsigned long value = strtoul(text, &end, 10);
        if (!*end && value > 0)
            return value < WORKERS_MAX ? value : WORKERS_MAX;
    }
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set) < WORKERS_MAX ? (size_t)CPU_COUNT(&set) : WORKERS_MAX;
    return 1;
}

size_t pool_workers(void)
{
    size_t workers = atomic_load(&worker_count);

    if (workers == 0) {
        size_t settled = default_workers();
        workers = atomic_compare_exchange_strong(&worker_count, &workers, settled) ? settled : workers;
    }
    return workers;
}

/* In a child of fork(), which inherits none of the threads and starts its own. */
static void forget_threads(void)
{
    pthread_mutex_init(&turn, NULL);
    pthread_mutex_init(&lock, NULL);
    pthread_cond_init(&wake, NULL);
    pthread_cond_init(&idle, NULL);
    pthread_mutex_init(&help, NULL);
    pthread_cond_init(&helped, NULL);
    pthread_cond_init(&calmer, NULL);
    for (int i = 0; i < URGENCIES; i++)
        waiting[i] = NULL;
    atomic_store(&most_urgent, -1);
    threads = NULL;
    thread_count = busy = 0;
    inside = NULL;
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, forget_threads);
}

/* Call both with `turn` held.  Workers block the signals of others, which go to the program's own threads. */
static void start_threads(void)
{
    size_t wanted = pool_workers() - 1;
    sigset_t before;

    threads = memory_array(wanted, sizeof *threads);
    if (!threads)
        return;
    pthread_once(&watched, watch_forks);
    generation = 0;
    stopping = false;
    signals_block(&before);
    while (thread_count < wanted &&
           pthread_create(&threads[thread_count], NULL, work, (void *)(uintptr_t)(thread_count + 1)) == 0)
        thread_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_threads(void)
{
    pthread_mutex_lock(&lock);
    stopping = true;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    threads = NULL;
    thread_count = 0;
}

void pool_set_workers(size_t workers)
{
    pthread_mutex_lock(&turn);
    stop_threads();
    if (workers == 0)
        workers = default_workers();
    atomic_store(&worker_count, workers < WORKERS_MAX ? workers : WORKERS_MAX);
    pthread_mutex_unlock(&turn);
}

/* Shares the remaining chunks of the run with the threads.  Call with `turn` held. */
static void run_shared(struct run *run)
{
    if (!threads)
        start_threads();
    pthread_mutex_lock(&lock);
    current = run;
    busy = thread_count;
    generation++;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    while (do_next(run, 0))
        ;
    pthread_mutex_lock(&lock);
    while (busy)
        pthread_cond_wait(&idle, &lock);
    pthread_mutex_unlock(&lock);
}

void pool_run(size_t chunks, pool_chunk *function, void *context)
{
    if (inside) {
        for (size_t chunk = 0; chunk < chunks; chunk++)
            do_chunk(function, context, chunk, inside_worker);
        return;
    }
    struct run run = {.function = function, .context = context, .chunks = chunks, .urgency = own_urgency};
    bool alone = chunks < 2 || pool_workers() == 1, called = false, shared = false;
    while (alone || !(shared = pthread_mutex_trylock(&turn) == 0)) {
        if (!alone && !called && own_urgency > POOL_LATER)
            called = call_for_help(&run);
        if (!do_next(&run, 0))
            break;
    }
    if (shared) {
        run_shared(&run);
        pthread_mutex_unlock(&turn);
    }
    if (called)
        thank_helpers(&run);
}

void pool_be(enum pool_urgency urgency)
{
    own_urgency = urgency;
}

void pool_between(void (*between)(void))
{
    between_chunks = between;
}

void pool_start(void)
{
    pthread_mutex_lock(&turn);
    if (!threads)
        start_threads();
    pthread_mutex_unlock(&turn);
}
