/* A process-wide pool of worker threads: work is cut into chunks that any of them may do. */
#ifndef HUBSCOPE_ENGINE_BASE_POOL_H
#define HUBSCOPE_ENGINE_BASE_POOL_H

#include <stddef.h>

/* Does chunk `chunk` of a run; `worker` in [0, pool_workers()) identifies the thread within this run, for per-worker
 * scratch in the run's context. */
typedef void pool_chunk(void *context, size_t chunk, size_t worker);

/* Sets the number of workers; 0 means HUBSCOPE_THREADS or, if unset, the number of cores this process may use.  Call it
 * while no run is in progress, normally once before the first. */
void pool_set_workers(size_t workers);
size_t pool_workers(void);

/* Runs chunks 0..chunks-1 on all workers (the calling thread is one of them) and returns when all are done.  Each chunk
 * is done once, in no particular order.  A run that finds the workers busy with another thread's run proceeds alone
 * until they are free, so a short run never waits for a long one; a run started inside a chunk does its chunks in
 * place, on that worker. */
void pool_run(size_t chunks, pool_chunk *function, void *context);

/* How urgent the runs of a thread are.  Between two chunks of a run, workers help with a more urgent one that found
 * them busy, and the thread that began it waits. */
enum pool_urgency { POOL_LATER, POOL_NORMAL, POOL_SOON };
void pool_be(enum pool_urgency urgency); /* the calling thread's, POOL_NORMAL at first */

/* The same within a chunk that takes long, which holds no lock then; outside of chunks it does nothing. */
void pool_give_way(void);

/* Has a function called by every thread that began a run, after each chunk that it has done itself: for what only that
 * thread may do, such as sending messages.  Null: nothing.  Call it while no run is in progress. */
void pool_between(void (*between)(void));

/* Starts the workers, with the calling thread's niceness; else the first run does. */
void pool_start(void);

#endif
