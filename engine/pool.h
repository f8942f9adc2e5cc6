/* A small pool of worker threads for block-parallel work.  One pool a process is enough: pool_shared(). */
#ifndef HUBSCOPE_ENGINE_POOL_H
#define HUBSCOPE_ENGINE_POOL_H

#include <stddef.h>

/* Does task `task` of a run; `worker` in [0, pool_workers()) names the thread, for per-worker scratch. */
typedef void pool_task(void *context, size_t task, size_t worker);

/* Sets the number of workers before the first use; 0 means HUBSCOPE_THREADS or, without it, the number of cores. */
void pool_set_workers(size_t workers);
size_t pool_workers(void);

/* Runs tasks 0..tasks-1 on all workers (the calling thread is one of them) and returns when all are done.  Runs from
 * several threads take turns; a run from inside a task runs its tasks in place, on that worker. */
void pool_run(size_t tasks, pool_task *function, void *context);

#endif
