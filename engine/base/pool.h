/* A small pool of worker threads, one for the process: work is cut into chunks that any of them may do. */
#ifndef HUBSCOPE_ENGINE_BASE_POOL_H
#define HUBSCOPE_ENGINE_BASE_POOL_H

#include <stddef.h>

/* Does chunk `chunk` of a run; `worker` in [0, pool_workers()) names the thread among those of this run, for scratch
 * that belongs to the run's context. */
typedef void pool_chunk(void *context, size_t chunk, size_t worker);

/* Sets the number of workers; 0 means HUBSCOPE_THREADS or, without it, the number of cores this process may use.
 * To be called while no run is under way, normally once before the first. */
void pool_set_workers(size_t workers);
size_t pool_workers(void);

/* Runs chunks 0..chunks-1 on all workers (the calling thread is one of them) and returns when all are done.  Each chunk
 * is done once, in no particular order.  A run that finds the workers busy with another thread's run goes on alone
 * until they are free, so that a short run never waits for a long one; a run from inside a chunk runs its chunks in
 * place, on that worker. */
void pool_run(size_t chunks, pool_chunk *function, void *context);

#endif
