#include "engine/base/pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { TASKS = 1000 };

static atomic_int done[TASKS];
static atomic_size_t workers_seen;

static void count_chunk(void *context, size_t chunk, size_t worker)
{
    assert_true(worker < pool_workers());
    atomic_fetch_or(&workers_seen, (size_t)1 << worker);
    atomic_fetch_add(&((atomic_int *)context)[chunk], 1);
}

static void clear(void)
{
    for (size_t i = 0; i < TASKS; i++)
        atomic_store(&done[i], 0);
}

static void every_task_runs_once(void **state)
{
    (void)state;
    for (size_t workers = 1; workers <= 4; workers++) {
        pool_set_workers(workers);
        assert_int_equal(pool_workers(), workers);
        for (size_t tasks = 0; tasks <= TASKS; tasks = tasks * 3 + 1) {
            clear();
            pool_run(tasks, count_chunk, done);
            for (size_t i = 0; i < TASKS; i++)
                assert_int_equal(atomic_load(&done[i]), i < tasks);
        }
    }
}

struct nested {
    atomic_int inner;
};

static void inner_chunk(void *context, size_t chunk, size_t worker)
{
    (void)chunk;
    *(size_t *)context += worker + 1;
}

static void outer_chunk(void *context, size_t chunk, size_t worker)
{
    size_t sum = 0; /* unguarded: the inner run must stay on this worker */

    (void)chunk;
    pool_run(10, inner_chunk, &sum);
    assert_int_equal(sum, 10 * (worker + 1));
    atomic_fetch_add(&((struct nested *)context)->inner, 10);
}

static void nested_runs_stay_on_their_worker(void **state)
{
    struct nested nested = {0};

    (void)state;
    pool_set_workers(3);
    pool_run(50, outer_chunk, &nested);
    assert_int_equal(atomic_load(&nested.inner), 500);
}

static void *run_many(void *context)
{
    for (int i = 0; i < 50; i++)
        pool_run(20, count_chunk, context);
    return NULL;
}

static void runs_of_several_threads_do_not_mix(void **state)
{
    static atomic_int counts[4][20];
    pthread_t threads[4];

    (void)state;
    pool_set_workers(2);
    for (size_t t = 0; t < 4; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, run_many, counts[t]), 0);
    for (size_t t = 0; t < 4; t++)
        pthread_join(threads[t], NULL);
    for (size_t t = 0; t < 4; t++)
        for (size_t i = 0; i < 20; i++)
            assert_int_equal(atomic_load(&counts[t][i]), 50);
}

static void environment_sets_the_workers(void **state)
{
    (void)state;
    setenv("HUBSCOPE_THREADS", "3", 1);
    pool_set_workers(0);
    assert_int_equal(pool_workers(), 3);
    setenv("HUBSCOPE_THREADS", "many", 1);
    pool_set_workers(0);
    assert_true(pool_workers() >= 1);
    unsetenv("HUBSCOPE_THREADS");
}

/* A child of fork() inherits no threads and starts its own.  ThreadSanitizer does not support threads that are started
 * after a process with threads has forked: there, they may never run. */
static void a_child_has_its_own_threads(void **state)
{
    (void)state;
    int status;

#ifdef __SANITIZE_THREAD__
    skip();
#endif

    pool_set_workers(3);
    clear();
    pool_run(TASKS, count_chunk, done);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        clear();
        pool_run(TASKS, count_chunk, done);
        size_t once = 0;
        for (size_t i = 0; i < TASKS; i++)
            once += atomic_load(&done[i]) == 1;
        _exit(once == TASKS ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pool_set_workers(0);
}

static atomic_bool stop;
static atomic_int meeting, dawdled, overtaken;

static void dawdle(void *context, size_t chunk, size_t worker)
{
    (void)context;
    (void)chunk;
    (void)worker;
    atomic_fetch_add(&dawdled, 1);
    usleep(atomic_load(&stop) ? 0 : 1000);
}

static atomic_int steps; /* of the thread that began the long run */

/* A chunk that ends at the very end only. */
static void plod(void *context, size_t chunk, size_t worker)
{
    (void)context;
    (void)chunk;
    atomic_fetch_add(&dawdled, 1);
    while (!atomic_load(&stop)) {
        if (worker == 0)
            atomic_fetch_add(&steps, 1);
        usleep(100);
        pool_give_way();
    }
}

static void *run_long(void *chunk)
{
    pool_be(POOL_LATER);
    while (!atomic_load(&stop))
        pool_run(TASKS, *(pool_chunk **)chunk, NULL);
    return NULL;
}

/* Both chunks wait for each other: one worker alone would never end. */
static void meet(void *context, size_t chunk, size_t worker)
{
    (void)context;
    (void)chunk;
    atomic_fetch_add(&meeting, 1);
    while (atomic_load(&meeting) % 2)
        usleep(100);
    if (worker) /* the other thread's is the last, after which it waits no longer */
        return;
    int before = atomic_load(&steps);
    usleep(2000);
    atomic_fetch_add(&overtaken, atomic_load(&steps) <= before + 1); /* it may have been on its way */
}

static void help_beside(pool_chunk *chunk, int busy)
{
    pthread_t thread;

    alarm(20);
    pool_set_workers(2);
    pool_start();
    atomic_store(&stop, false);
    atomic_store(&dawdled, 0);
    atomic_store(&meeting, 0);
    atomic_store(&overtaken, 0);
    assert_int_equal(pthread_create(&thread, NULL, run_long, &chunk), 0);
    while (atomic_load(&dawdled) < busy)
        usleep(100);
    pool_be(POOL_SOON);
    for (int i = 0; i < 5; i++)
        pool_run(2, meet, NULL);
    assert_int_equal(atomic_load(&meeting), 10);
    assert_int_equal(atomic_load(&overtaken), 5);
    pool_be(POOL_NORMAL);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    alarm(0);
    pool_set_workers(0);
}

/* Between the chunks of a long run, and within them; the thread that began it waits. */
static void workers_help_with_what_is_urgent(void **state)
{
    (void)state;
    help_beside(dawdle, 4);
    help_beside(plod, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(nested_runs_stay_on_their_worker),
        cmocka_unit_test(runs_of_several_threads_do_not_mix),
        cmocka_unit_test(environment_sets_the_workers),
        cmocka_unit_test(a_child_has_its_own_threads),
        cmocka_unit_test(workers_help_with_what_is_urgent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
