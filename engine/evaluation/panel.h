/* One pass over the similarities of the evaluation queries, for several rules at once.
 *
 * The queries are cut into panels of a few hundred, each analysed by one worker.  A panel is processed in strips of a
 * few rows and these in tiles of columns, so that what all rules need of a tile (similarities, their exponentials, each
 * rule's shifts and weights) stays in the L1 cache. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PANEL_H
#define HUBSCOPE_ENGINE_EVALUATION_PANEL_H

#include "engine/evaluation/panel_result.h"

struct panels;
struct task;

/* Prepares the pass for `count` results, whose mass is zeroed; task and results are borrowed until panels_close.  Null
 * when out of memory. */
struct panels *panels_open(const struct task *task, const struct panel_result *result, size_t count, size_t workers);
void panels_close(struct panels *panels); /* null is fine */

size_t panels_count(const struct panels *panels);

/* Fills in rank, list and gate of one panel's queries, and adds their mass.  Call it once for each panel, in any order,
 * from any number of threads, each with a `worker` number of its own below `workers`.  No result depends on the number
 * of workers.  -1 when out of memory. */
int panels_analyse(struct panels *panels, size_t index, size_t worker);

#endif
