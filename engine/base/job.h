/* Progress of one piece of heavy work, shared between the thread that does it and the one that watches.  The worker
 * counts `done` up to `total` and checks `cancel` once a step; the watcher may read and set them at any time.  A null
 * job pointer is allowed everywhere. */
#ifndef HUBSCOPE_ENGINE_BASE_JOB_H
#define HUBSCOPE_ENGINE_BASE_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct job {
    atomic_size_t done, total; /* steps of work; total grows as phases begin */
    atomic_bool cancel;
};

static inline void job_expect(struct job *job, size_t steps)
{
    if (job)
        atomic_fetch_add(&job->total, steps);
}

static inline void job_step(struct job *job)
{
    if (job)
        atomic_fetch_add(&job->done, 1);
}

static inline bool job_cancelled(struct job *job)
{
    return job && atomic_load(&job->cancel);
}

#endif
