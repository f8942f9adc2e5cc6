/* Only the best of the gallery for one query, without probabilities and without the ranks of other items: the lists of
 * search_run, to the bit, but from the gallery's index (engine/matrices/row_codes.h) if it has one, in less time. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_SHORTLIST_H
#define HUBSCOPE_ENGINE_EVALUATION_SHORTLIST_H

#include "engine/fitting/fit.h"

struct search;

struct shortlist {     /* one rule's */
    bool open;         /* the gate; true for ungated rules */
    uint32_t top1;     /* raw best item, by the index */
    size_t count;      /* k, or the whole gallery */
    uint32_t *item;    /* (count) gallery rows, best first, ties to the smaller row */
    float *similarity; /* (count) */
    float *score;      /* (count) as fit_score */
    size_t read;       /* rows of the gallery that were read for it: all of them without the index */
};

/* Fills `lists` (count) for a query as search_run takes it; at least one place is needed.  An index serves rules that
 * only add a bias, if all of them do; it is not used where its bounds do not hold, or leave so many rows that reading
 * all is faster.  -1 with the error filled; the lists are then empty. */
int shortlist_run(const struct task *task, const float *vector, size_t query, struct fit *const *fits, size_t count,
                  size_t k, struct shortlist *lists, struct error *error);
/* Whether a task has an index that serves a rule. */
bool shortlist_serves(const struct task *task, const struct rule *rule);

/* A search that knows no more than the same lists (struct search's `brief`), in as little time.  Null without an error
 * if the index is of no use. */
struct search *shortlist_search(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                                size_t count, size_t k, struct error *error);
void shortlist_close(struct shortlist *lists, size_t count); /* of zeroed ones, too */

#endif
