/* A subset of the videos, as a task's items and queries see it.
 *
 * Everything is still ranked against the whole gallery, for all queries.  Of the items, those of the subset's videos
 * count: hubness, mass and fair shares (k Q/M and Q/M of the whole) are theirs.  Of the queries, those count that
 * have a target in the subset. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_SUBSET_H
#define HUBSCOPE_ENGINE_EVALUATION_SUBSET_H

#include "engine/fitting/task.h"
#include <stdbool.h>

enum { SUBSET_NAME = 128 };

struct subset {
    char name[SUBSET_NAME]; /* "group=smileys" */
    bool *item, *query;     /* (task_items), (task_queries) whether they are in it */
    size_t items, queries;  /* how many are */
    size_t all_items, all_queries;
};

/* `video` (collection->videos) says which are in it.  -1 when out of memory: nothing to close then. */
int subset_open(struct subset *subset, const struct task *task, const bool *video, const char *name);
int subset_copy(struct subset *copy, const struct subset *subset);
void subset_close(struct subset *subset); /* a zeroed one is fine */

static inline bool subset_has(const struct subset *subset, size_t item) /* null has all */
{
    return !subset || subset->item[item];
}
static inline bool subset_asks(const struct subset *subset, size_t query)
{
    return !subset || subset->query[query];
}

#endif
