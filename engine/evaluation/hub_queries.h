/* Hubs from the queries' side: which queries an item captures, and from whom it takes them. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_HUB_QUERIES_H
#define HUBSCOPE_ENGINE_EVALUATION_HUB_QUERIES_H

#include "engine/evaluation/analysis.h"

struct hub_query {
    uint32_t query;
    uint32_t place; /* of the item in the query's list, 1 = best */
    bool own;       /* the item is a target of this query */
    bool stolen;    /* the query has targets, and this item, which is none of them, stands above them all */
};

/* The queries with `item` in their top-k lists (k at most analysis->top_k), by place, then by query.  Writes at most
 * `most` and returns how many there are: N_k of the item. */
size_t hub_queries_list(const struct task *task, const struct analysis *analysis, uint32_t item, size_t k,
                        struct hub_query *queries, size_t most);

/* False answers under an analysed rule with mass: `over` of the items with more than Q/M, `under` of the others. */
void false_rates_of(const struct task *task, const struct analysis *analysis, struct false_rates *over,
                    struct false_rates *under);

/* Place of an item in a query's stored list, 0 when it is below the end. */
uint32_t hub_queries_place(const struct analysis *analysis, size_t query, uint32_t item);

/* From which N_k on an item is marked as a hub on screens: twice its fair share, 2 k Q/M (rounded up).  The measures'
 * hub_count keeps to the published 2 k, which is the same for Q = M; with several queries an item, 2 k would be the
 * fair share itself and mark half the gallery. */
uint32_t hub_threshold(size_t k, size_t queries, size_t items);

#endif
