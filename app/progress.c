#include "app/progress.h"
#include "app/enders.h"
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_NS = 100000000, SECOND_NS = 1000000000 };

static _Atomic(struct job *) current;
static atomic_int received = SIGINT;
static atomic_bool asked; /* by a signal other than SIGPIPE, which every write to a closed pipe raises */

static void interrupt(int number)
{
    struct job *job = atomic_load(&current);
    if (number != SIGPIPE && atomic_exchange(&asked, true))
        enders_end(number);
    atomic_store(&received, number);
    if (job)
        atomic_store(&job->cancel, true);
}

int progress_signal(void)
{
    return atomic_load(&received);
}

/* Lets the signals that end the program cancel the job; a second one ends it at once.  The choice of nohup and of who
 * started the program to ignore them stays. */
static void catch_enders(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART}, before;
    sigfillset(&action.sa_mask);
    atomic_store(&asked, false);
    for (size_t i = 0; enders[i]; i++) {
        int number = enders[i];
        bool stays = number == SIGHUP || number == SIGPIPE;
        if (!stays || sigaction(number, NULL, &before) || before.sa_handler != SIG_IGN)
            sigaction(number, &action, NULL);
    }
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

/* Columns of the terminal. */
static int terminal_width(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

static void put_line(struct progress *progress)
{
    char line[PROGRESS_NOTE + 128], note[PROGRESS_NOTE];
    size_t total = atomic_load(&progress->job.total), done = atomic_load(&progress->job.done);
    const char *stopping = job_cancelled(&progress->job) ? ", stopping" : "";
    double share = total ? (done < total ? (double)done / (double)total : 1) : 0;
    pthread_mutex_lock(&progress->lock);
    memcpy(note, progress->note, sizeof note);
    pthread_mutex_unlock(&progress->lock);
    if (total)
        snprintf(line, sizeof line, "%s %3.0f %%%s%s%s", progress->what, 100 * share, stopping, note[0] ? "  " : "",
                 note);
    else
        snprintf(line, sizeof line, "%s%s", progress->what, stopping);
    fprintf(stderr, "\r%.*s%s", terminal_width() - 1, line, note[0] ? "\033[K" : "");
    fflush(stderr);
}

static void *watch(void *context)
{
    struct progress *progress = context;
    bool shown = false;
    while (!wait_period(progress)) {
        put_line(progress);
        shown = true;
    }
    if (shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    return NULL;
}

void progress_note(struct progress *progress, const char *format, ...)
{
    va_list arguments;
    pthread_mutex_lock(&progress->lock);
    va_start(arguments, format);
    vsnprintf(progress->note, sizeof progress->note, format, arguments);
    va_end(arguments);
    pthread_mutex_unlock(&progress->lock);
}

void progress_start(struct progress *progress, const char *what)
{
    *progress = (struct progress){.what = what};
    atomic_store(&current, &progress->job);
    catch_enders();

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
    enders_watch();
}
