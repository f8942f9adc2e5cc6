#include "app/progress.h"
#include "app/enders.h"
#include "engine/base/clock.h"
#include "engine/base/crew.h"
#include "engine/base/crew_progress.h"
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PERIOD 0.1 /* seconds */
enum { TENTHS = 10, PATIENCE = 6 };
#define LINES_SECONDS 10.0 /* between two lines, unless HUBSCOPE_PROGRESS says otherwise */
#define NAMED_SHARE 0.1 /* a process is named if others have waited for it longer than this share of the job's time */
#define NAMED_SECONDS 1 /* and than this */

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
    struct timespec until = clock_after(PERIOD);

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

/* Names the process that the others wait for, if they do so much. */
static void name_slowest(const struct progress *progress, struct crew_slowest slowest, char *text, size_t size)
{
    char name[CREW_NAME];
    text[0] = '\0';
    if (slowest.waited_for > NAMED_SECONDS && slowest.waited_for > NAMED_SHARE * (clock_seconds() - progress->began)) {
        crew_name(slowest.rank, name);
        snprintf(text, size, ", waiting for %.*s", (int)size - 32, name);
    }
}

struct look {     /* at a job */
    bool counted; /* its steps */
    double share;
    char suffix[PROGRESS_NOTE];
};

static void look_at(struct progress *progress, struct look *look)
{
    size_t total = atomic_load(&progress->job.total), done = atomic_load(&progress->job.done);
    char slow[PROGRESS_NOTE / 2] = "";
    look->counted = total > 0;
    look->share = total ? (done < total ? (double)done / (double)total : 1) : 0;
    if (crew_meets()) {
        struct crew_slowest slowest = crew_progress_slowest();
        look->share = slowest.share;
        name_slowest(progress, slowest, slow, sizeof slow);
    }
    snprintf(look->suffix, sizeof look->suffix, "%s%s", job_cancelled(&progress->job) ? ", stopping" : "", slow);
}

static void put_line(struct progress *progress)
{
    char line[2 * PROGRESS_NOTE + 128], note[PROGRESS_NOTE];
    struct look look;
    look_at(progress, &look);
    pthread_mutex_lock(&progress->lock);
    memcpy(note, progress->note, sizeof note);
    pthread_mutex_unlock(&progress->lock);
    if (look.counted)
        snprintf(line, sizeof line, "%s %3.0f %%%s%s%s", progress->what, 100 * look.share, look.suffix,
                 note[0] ? "  " : "", note);
    else
        snprintf(line, sizeof line, "%s%s", progress->what, look.suffix);
    bool shorter = note[0] || crew_meets(); /* than the one before, perhaps */
    fprintf(stderr, "\r%.*s%s", terminal_width() - 1, line, shorter ? "\033[K" : "");
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

/* ---- lines of several processes without a terminal ---- */

/* Seconds between two lines; 0: none are wanted. */
static double lines_seconds(void)
{
    const char *text = getenv("HUBSCOPE_PROGRESS");
    char *end;
    double seconds = text && *text ? strtod(text, &end) : LINES_SECONDS;
    return text && *text && (*end || !(seconds >= 0)) ? LINES_SECONDS : seconds;
}

/* What the last line said. */
static struct {
    double time; /* or when the first job began */
    const char *what;
    int tenth;
} said;

/* A line says that another job has begun, that another tenth is done, or after a while that the work goes on. */
static void put_news(struct progress *progress, double seconds)
{
    struct look look;
    look_at(progress, &look);
    int tenth = (int)(look.share * TENTHS);
    double passed = clock_seconds() - said.time;
    bool news = said.what != progress->what || said.tenth != tenth || passed >= PATIENCE * seconds;
    if (passed < seconds || !news)
        return;
    fprintf(stderr, "%s: %.0f %%%s\n", progress->what, 100 * look.share, look.suffix);
    fflush(stderr);
    said.time = clock_seconds();
    said.what = progress->what;
    said.tenth = tenth;
}

static void *watch_lines(void *context)
{
    struct progress *progress = context;
    double seconds = lines_seconds();
    while (!wait_period(progress))
        put_news(progress, seconds);
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
    *progress = (struct progress){.what = what, .began = clock_seconds()};
    atomic_store(&current, &progress->job);
    catch_enders();
    crew_progress_watch(&progress->job);
    if (said.time == 0)
        said.time = progress->began;

    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&progress->lock, NULL);
    bool terminal = isatty(STDERR_FILENO), lines = !terminal && crew_meets() && crew_leads() && lines_seconds() > 0;
    progress->watched =
        (terminal || lines) && pthread_create(&progress->thread, NULL, terminal ? watch : watch_lines, progress) == 0;
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
    crew_progress_watch(NULL);
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->lock);
    atomic_store(&current, NULL);
    enders_watch();
}
