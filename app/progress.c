#include "app/progress.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_NS = 100000000, SECOND_NS = 1000000000 };

static _Atomic(struct job *) current;

static void interrupt(int signal_number)
{
    (void)signal_number;
    struct job *job = atomic_load(&current);
    if (job)
        atomic_store(&job->cancel, true);
}

/* Waits a period or until asked to stop; true to stop. */
static bool wait_period(struct progress *progress)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PERIOD_NS;
    if (until.tv_nsec >= SECOND_NS) {
        until.tv_nsec -= SECOND_NS;
        until.tv_sec++;
    }
    pthread_mutex_lock(&progress->lock);
    int waited = 0;
    while (!progress->stop && waited == 0)
        waited = pthread_cond_timedwait(&progress->wake, &progress->lock, &until);
    bool stop = progress->stop;
    pthread_mutex_unlock(&progress->lock);
    return stop;
}

static void *watch(void *context)
{
    struct progress *progress = context;
    bool shown = false;
    while (!wait_period(progress)) {
        size_t total = atomic_load(&progress->job.total);
        size_t done = atomic_load(&progress->job.done);
        const char *note = job_cancelled(&progress->job) ? ", stopping" : "";
        if (total) {
            double share = done < total ? (double)done / (double)total : 1;
            fprintf(stderr, "\r%s %3.0f %%%s", progress->what, 100 * share, note);
        } else {
            fprintf(stderr, "\r%s%s", progress->what, note);
        }
        fflush(stderr);
        shown = true;
    }
    if (shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    return NULL;
}

void progress_start(struct progress *progress, const char *what)
{
    *progress = (struct progress){.what = what};
    atomic_store(&current, &progress->job);
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);

    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&progress->lock, NULL);
    progress->watched = isatty(STDERR_FILENO) && pthread_create(&progress->thread, NULL, watch, progress) == 0;
}

void progress_stop(struct progress *progress)
{
    if (progress->watched) {
        pthread_mutex_lock(&progress->lock);
        progress->stop = true;
        pthread_cond_signal(&progress->wake);
        pthread_mutex_unlock(&progress->lock);
        pthread_join(progress->thread, NULL);
    }
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->lock);
    atomic_store(&current, NULL);
    signal(SIGINT, SIG_DFL);
}
