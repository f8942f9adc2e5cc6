/* Hubs from the queries' side: which queries an item captures, and from whom it takes them. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_HUB_QUERIES_H
#define HUBSCOPE_ENGINE_EVALUATION_HUB_QUERIES_H

#include "engine/evaluation/analysis.h"

struct hub_query {
    uint32_t query;
    uint32_t place; /* of the item in the query's list, 1 = best */
    bool own;       /* the item is a target of this query */
    bool stolen;    /* the query has targets, and this item ranks above them all without being one */
};

/* Lists the queries with `item` in their top k (k at most analysis->top_k), by place, then by query.  Writes at most
 * `most` and returns the number of all, which is the item's N_k. */
size_t hub_queries_list(const struct task *task, const struct analysis *analysis, uint32_t item, size_t k,
                        struct hub_query *queries, size_t most);

/* False answers under an analysed rule with mass: `over` for items with more than Q/M, `under` for the others. */
void false_rates_of(const struct task *task, const struct analysis *analysis, struct false_rates *over,
                    struct false_rates *under);

/* Place of an item in a query's stored list, 0 if the list does not have it. */
uint32_t hub_queries_place(const struct analysis *analysis, size_t query, uint32_t item);

/* The least N_k of an item that screens mark as a hub: twice its fair share, 2 k Q/M, rounded up.  The measures'
 * hub_count keeps the published 2 k, which is the same for Q = M; with two queries per item, 2 k would be the fair
 * share itself and mark half the gallery. */
uint32_t hub_threshold(size_t k, size_t queries, size_t items);

#endif
