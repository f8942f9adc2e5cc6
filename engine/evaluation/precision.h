/* Measures of queries with several relevant items, as trec_eval defines them. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_PRECISION_H
#define HUBSCOPE_ENGINE_EVALUATION_PRECISION_H

#include "engine/fitting/task.h"

/* Where the items of one query stand: room for the pass, a worker's own. */
struct precision_room {
    uint32_t *where;                 /* (M + KERNEL_LANES) */
    struct precision_target *target; /* (the most targets of a query) */
};

int precision_open(struct precision_room *room, const struct task *task); /* -1 when out of memory */
void precision_close(struct precision_room *room);

/* Average precision of a query whose scores are s[j] + shift[j] (a null shift: s[j]), over the whole list, ties to the
 * smaller row; 0 to 1, NAN for a query without targets. */
double precision_average(const struct precision_room *room, const struct task *task, size_t query, const float *s,
                         const float *shift);

/* nDCG at `places` of a list of at least that many gallery rows, or of the whole gallery where that is smaller: gain is
 * the grade, the discount log2(place + 1).  NAN for a query without targets. */
double precision_ndcg(const struct task *task, size_t query, const uint32_t *list, size_t places);

#endif
