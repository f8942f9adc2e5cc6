/* One pass over the similarities of the evaluation queries, for several rules at once.
 *
 * The queries are cut into panels of a few hundred.  All workers together compute the similarities of one, some columns
 * at a time, and then analyse its rows in strips, each of which one worker walks in tiles of columns, so that what all
 * rules need of a tile (similarities, their exponentials, each rule's shifts and weights) stays in the L1 cache. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_H

#include "engine/base/job.h"
#include "engine/evaluation/panel_result.h"

struct task;

/* Runs the pass for `count` results, whose mass is zeroed: fills in every query's rank, list and gate and adds its
 * mass.  No result depends on the number of workers or the memory for similarities.  -1 when out of memory; results are
 * incomplete if the job was cancelled. */
int panels_run(const struct task *task, const struct panel_result *result, size_t count, struct job *job);

#endif
