/* Watches one job at a time from the command line: prints a line to standard error if that is a terminal and the job
 * takes longer than a moment, and lets an interrupt cancel the job instead of killing the process. */
#ifndef HUBSCOPE_APP_PROGRESS_H
#define HUBSCOPE_APP_PROGRESS_H

#include "engine/base/job.h"
#include <pthread.h>

struct progress {
    struct job job; /* pass this to the engine */
    const char *what;
    bool watched; /* the thread runs */
    bool stop;    /* under the lock */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
};

void progress_start(struct progress *progress, const char *what);
void progress_stop(struct progress *progress); /* erases the line */

#endif
