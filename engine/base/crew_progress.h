/* How far the processes of a crew (crew.h) are with a job.  Each sends where it stands to process 0 now and then:
 * while it works, by the thread that joined the crew, between two chunks of that thread's runs (pool.h); while it waits
 * for the others; and with every exchange.  No process waits for that. */
#ifndef HUBSCOPE_ENGINE_BASE_CREW_PROGRESS_H
#define HUBSCOPE_ENGINE_BASE_CREW_PROGRESS_H

#include "engine/base/crew_link.h"
#include "engine/base/job.h"
#include <stdint.h>

/* Where a process stands. */
struct crew_standing {
    uint64_t exchanges;   /* that it has completed */
    uint64_t waits;       /* 1: it waits for the others in the next one */
    uint64_t done, total; /* steps of its job; no steps yet: none is done */
    double waited;        /* seconds since the job began */
};

void crew_progress_join(const struct crew_link *link); /* borrowed, by the thread that works; null: alone again */

/* Whose steps count from now on; null: no job.  By the same thread, in all processes. */
void crew_progress_watch(struct job *job);

/* Sends or receives, unless that was done a moment ago. */
void crew_progress_pulse(void);

/* Around each exchange: what to send to the others along with it, what came from each of them, and that it is over. */
struct crew_standing crew_progress_wait(void);
void crew_progress_hear(size_t rank, const struct crew_standing *at);
void crew_progress_met(void);

/* In process 0, by any thread while a job is watched: which process is the furthest behind, and by how much. */
struct crew_slowest {
    size_t rank;
    double share;      /* of its job, in [0, 1] */
    double waited_for; /* seconds that another process has waited longer than it has */
};
struct crew_slowest crew_progress_slowest(void);

#endif
