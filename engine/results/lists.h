/* The top lists of every evaluation query under several rules, to any depth, in bounded memory. */
#ifndef HUBSCOPE_ENGINE_RESULTS_LISTS_H
#define HUBSCOPE_ENGINE_RESULTS_LISTS_H

#include "engine/fitting/fit.h"

struct ruled { /* a fitted rule and the task it was fitted on; all in one call share the queries and the gallery */
    const struct task *task;
    struct fit *fit;
};

struct list {             /* one query's under one rule; borrowed for the call */
    const uint32_t *item; /* (count) the task's items, best first, ties to the smaller row */
    const float *score;   /* (count) fit_score, largest first */
    size_t count;
    bool open; /* the gate; true for ungated rules */
};

/* Receives the lists (rules) of one query; -1 with the error ends the pass. */
typedef int list_taker(void *context, size_t query, const struct list *lists, struct error *error);

/* Calls `take` for every query in turn, on the calling thread, with lists of `depth` places (at most the gallery).
 * They are made a few hundred queries at a time.  -1 with the error on failure. */
int lists_run(const struct ruled *ruled, size_t count, size_t depth, list_taker *take, void *context, struct job *job,
              struct error *error);

#endif
