#include "engine/base/unfinished.h"

#include "engine/base/signals.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 512, PAUSE_NS = 1000000, PAUSES = 5000 };

static _Atomic(const char *) noted[MOST]; /* changed by who holds alone */
static atomic_int holders;
static atomic_bool ending;

static _Thread_local sigset_t before;
static _Thread_local int depth;

void unfinished_hold(void)
{
    if (depth++)
        return;
    signals_block(&before);
    atomic_fetch_add(&holders, 1);
    if (!atomic_load(&ending))
        return;
    atomic_fetch_sub(&holders, 1);
    for (;;) /* another thread is ending the process */
        pause();
}

void unfinished_let_go(void)
{
    if (--depth)
        return;
    atomic_fetch_sub(&holders, 1);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void unfinished_add(const char *path)
{
    for (size_t i = 0; i < MOST; i++) {
        const char *none = NULL;
        if (atomic_compare_exchange_strong(&noted[i], &none, path))
            return;
    }
}

void unfinished_remove(const char *path)
{
    for (size_t i = 0; i < MOST && path; i++) {
        const char *expected = path;
        if (atomic_compare_exchange_strong(&noted[i], &expected, NULL))
            return;
    }
}

/* Whether nobody holds: false if someone still does after seconds, on a file system that hangs. */
static bool wait_for_holders(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    for (int i = 0; i < PAUSES && atomic_load(&holders); i++)
        nanosleep(&pause, NULL);
    return !atomic_load(&holders);
}

void unfinished_end(void)
{
    atomic_store(&ending, true);
    if (!wait_for_holders())
        return;
    for (size_t i = 0; i < MOST; i++)
        if (noted[i])
            unlink(noted[i]);
    for (size_t i = 0; i < MOST; i++)
        if (noted[i])
            rmdir(noted[i]); /* fails for what was a file */
}
