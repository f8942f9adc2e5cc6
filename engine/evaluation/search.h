/* One query against the whole gallery under all fitted rules at once. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_SEARCH_H
#define HUBSCOPE_ENGINE_EVALUATION_SEARCH_H

#include "engine/fitting/explain.h"

struct search_list { /* one rule's answer */
    struct fit *fit; /* one reference */
    bool open;       /* the gate; true for ungated rules */
    float *score;    /* (M) fit_score */
    double log_sum;  /* natural log of sum_j exp(scale * (score_j - the largest score)); NAN: no probabilities */
    float best;      /* the largest score */
    uint32_t *item;  /* (k) gallery rows, best first, ties to the smaller row */
};

struct search { /* immutable once made; owned by the caller */
    size_t m, k, rules;
    bool brief; /* by shortlist_search: numbers are 0 except those of listed items, and there are no probabilities */
    float *similarity;        /* (M) */
    uint32_t top1;            /* raw best item: what a gate looks at */
    float *vector;            /* (d) embedding of the query; null for an evaluation query */
    size_t query;             /* row of the evaluation query */
    struct search_list *list; /* (rules), in the order of the fits given */
};

/* Searches with `vector` (d, L2-normalised), or if that is null with row `query` of the task's queries.  `k` is capped
 * at M.  Returns a new search, or null with the error filled. */
struct search *search_run(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                          size_t rules, size_t k, struct error *error);
/* The same until the job is cancelled, which is an error, too. */
struct search *search_run_job(const struct task *task, const float *vector, size_t query, struct fit *const *fits,
                              size_t rules, size_t k, struct job *job, struct error *error);
void search_free(struct search *search);

/* How an item got its logit or score: fit_explain. */
void search_explain(const struct task *task, const struct search *search, size_t rule, uint32_t item,
                    struct arithmetic *arithmetic);

/* Rank of an item under a rule: 1 + items with a higher score + tied items with a smaller row, as in the lists.  0 of
 * an item that a brief search does not list. */
size_t search_rank(const struct search *search, size_t rule, uint32_t item);
/* The same for `count` items in one pass over the scores. */
void search_ranks(const struct search *search, size_t rule, const uint32_t *items, size_t count, size_t *ranks);

double search_probability(const struct search *search, size_t rule, uint32_t item); /* softmax over the gallery;
                                                                                     NAN: the rule has none */

/* A bank query that pulls an item: its share of the sum behind the item's bias. */
struct pull {
    uint32_t bank_row; /* in the bank's matrix and among its captions: task_bank_row */
    float similarity;  /* B[i][j] */
    double share; /* of exp(pull_scale B[i][j] + row_bias[i]) over all i, or 1 / pull_top; sums to 1 over the bank */
};
/* Writes the `count` strongest pulls on an item under `fit`, strongest first.  Returns how many were written (at most
 * N), 0 for a rule without bias; SIZE_MAX on failure. */
size_t search_pulls(const struct task *task, const struct fit *fit, uint32_t item, struct pull *pulls, size_t count,
                    struct error *error);

#endif
