/* One job at a time watched from the command line: a line on standard error when that is a terminal and the job takes
 * longer than a moment, and an interrupt that cancels the job instead of killing the process. */
#ifndef HUBSCOPE_APP_PROGRESS_H
#define HUBSCOPE_APP_PROGRESS_H

#include "engine/base/job.h"
#include <pthread.h>

struct progress {
    struct job job; /* give this to the engine */
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
