/* Measures of queries with several relevant items, as trec_eval defines them. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PRECISION_H
#define HUBSCOPE_ENGINE_EVALUATION_PRECISION_H

#include "engine/fitting/task.h"

/* Room for one query's computation; each worker has its own. */
struct precision_room {
    uint32_t *where;                 /* (M + KERNEL_LANES) */
    struct precision_target *target; /* (largest number of targets of any query) */
};

int precision_open(struct precision_room *room, const struct task *task); /* -1 when out of memory */
void precision_close(struct precision_room *room);

/* Average precision, 0 to 1, over the whole list of a query with scores s[j] + shift[j] (shift null: s[j]), ties to the
 * smaller row; NAN for a query without targets. */
double precision_average(const struct precision_room *room, const struct task *task, size_t query, const float *s,
                         const float *shift);

/* nDCG at `places` of a list of at least that many gallery rows, or of the whole gallery if that is smaller; the gain
 * is the grade, the discount log2(place + 1).  NAN for a query without targets. */
double precision_ndcg(const struct task *task, size_t query, const uint32_t *list, size_t places);

#endif
