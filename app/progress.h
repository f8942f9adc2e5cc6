/* Watches one job at a time from the command line: prints a line to standard error if that is a terminal and the job
 * takes longer than a moment, and lets the signals that users and limits send (SIGINT, SIGTERM, SIGHUP, SIGPIPE
 * ...) cancel the job instead of killing the process.  Of several processes (processes.h) the first one shows how far
 * the slowest is, and does so without a terminal too: a line now and then. */
#ifndef HUBSCOPE_APP_PROGRESS_H
#define HUBSCOPE_APP_PROGRESS_H

#include "engine/base/job.h"
#include <pthread.h>

enum { PROGRESS_NOTE = 160 };

struct progress {
    struct job job; /* pass this to the engine */
    const char *what;
    double began; /* in seconds */
    bool watched; /* the thread runs */
    bool stop;    /* under the lock, as is the note */
    char note[PROGRESS_NOTE];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
};

void progress_start(struct progress *progress, const char *what);
/* Shows a note after the percentage from now on; of the line, as much as fits in the terminal's width is shown. */
void progress_note(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));
void progress_stop(struct progress *progress); /* erases the line */

int progress_signal(void); /* the last that cancelled a job; SIGINT if none did */

#endif
