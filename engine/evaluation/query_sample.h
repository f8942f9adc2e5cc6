/* Some of a task's queries, for a first look at large collections. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_QUERY_SAMPLE_H
#define HUBSCOPE_ENGINE_EVALUATION_QUERY_SAMPLE_H

#include "engine/fitting/task.h"

/* Leaves `count` random queries of a newly opened task of text to video, the same for the same seed.  Analyses of it
 * say which (struct analysis, `query`).  Rules that need all queries must not be fitted to it.  -1 when out of
 * memory. */
int task_sample_queries(struct task *task, size_t count, uint64_t seed, struct error *error);

#endif
