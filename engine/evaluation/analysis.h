/* One pass over the evaluation queries' similarities S (Q, M) that computes, for all fitted rules at once, the rank of
 * each target, top-k lists, k-occurrences and retrieval-probability mass, and the measures derived from them. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_ANALYSIS_H
#define HUBSCOPE_ENGINE_EVALUATION_ANALYSIS_H

#include "engine/evaluation/measures.h"
#include "engine/evaluation/subset.h"
#include "engine/fitting/fit.h"

enum { ANALYSIS_KS = 3, ANALYSIS_TOP = 10, ANALYSIS_TOP_MOST = 100 };
extern const size_t analysis_k[ANALYSIS_KS]; /* 1, 5, 10 */

/* Results for one rule; owns its arrays and one reference to the fit.
 *
 * A query without a target (a caption whose video is unknown) has rank NAN and does not count in `metrics`, or rank
 * INFINITY if the task keeps it; its list and probabilities count like any other's. */
struct analysis {
    struct fit *fit;
    size_t queries, gallery; /* Q, M: the task's items */
    uint32_t *query;         /* (Q) row of each query, ascending, in the task that they are a sample of; null: all */
    bool videos;             /* the items of video to text are videos: see engine/evaluation/by_video.h */
    double *rank;            /* (Q) rank of the best target, 1 = best; ties averaged: 1 + #better + #equal/2 */
    size_t top_k;            /* min(ANALYSIS_TOP, M), or the `top` passed to analysis_run_top */
    uint32_t *top;           /* (Q, top_k) gallery rows, best first, ties to the smaller row */
    uint32_t *occurrence[ANALYSIS_KS]; /* (M) N_k */
    double *mass;          /* (M) retrieval probability summed over queries; Q/M is fair; null if the rule has none */
    double *precision;     /* (Q) average precision if queries have several targets, else null */
    double *ndcg;          /* (Q) nDCG@10 likewise; both NAN for a query without a target */
    uint8_t *gate;         /* (Q) 1 where a gated rule applied, or null */
    uint8_t *gallery_gate; /* (Q) the same for the second bank's gate, or null */
    double gate_rate, gallery_gate_rate; /* share of queries with an open gate; NAN for rules without one */
    struct metrics metrics;
    struct hubness hubness[ANALYSIS_KS];
    struct mass_summary mass_summary; /* all NAN without mass */
    const struct subset
        *subset; /* borrowed: rates, metrics and measures are of it alone, and the ranks of other queries
                                    are NAN; lists, N_k and mass are those of all.  Null: of everything */
};

/* The query whose results stand at `i`, and where those of a query stand; SIZE_MAX if it was not asked. */
static inline size_t analysis_query(const struct analysis *analysis, size_t i)
{
    return analysis->query ? analysis->query[i] : i;
}
size_t analysis_place(const struct analysis *analysis, size_t query);
/* A query's rank; NAN if it was not asked. */
double analysis_rank(const struct analysis *analysis, size_t query);

/* Zeroes and fills results[count]; on failure closes them all.  No result depends on the number of workers.  Needs,
 * beside the results, a panel of at most 32 MB per worker (8 rows if these take more). */
int analysis_run(const struct task *task, struct fit *const *fits, size_t count, struct analysis *results,
                 struct job *job, struct error *error);
/* The same with lists of `top` items (ANALYSIS_TOP to ANALYSIS_TOP_MOST), for measures at other k. */
int analysis_run_top(const struct task *task, struct fit *const *fits, size_t count, size_t top,
                     struct analysis *results, struct job *job, struct error *error);
/* What the pass itself finds for each query, as arrays (Q, bytes); absent ones are null.  The rest follows from them
 * and from mass. */
enum { ANALYSIS_ARRAYS = 5 };
struct analysis_array {
    const char *name;
    void *array;
    size_t bytes;
};
void analysis_arrays(const struct analysis *analysis, struct analysis_array arrays[ANALYSIS_ARRAYS]);
/* Opens an analysis with lists of `top` items for arrays that come from elsewhere, and completes it once they are
 * filled in.  Each returns -1 when out of memory; close it then too. */
int analysis_open(const struct task *task, struct fit *fit, size_t top, struct analysis *analysis);
int analysis_complete(const struct task *task, struct analysis *analysis);

/* Narrows an analysis to a subset, which outlives it.  -1 when out of memory. */
int analysis_narrow(struct analysis *analysis, const struct subset *subset);
/* Copies everything, with its own reference to the fit; -1, with nothing to close, when out of memory. */
int analysis_copy(struct analysis *copy, const struct analysis *analysis);

/* N_k of every item into `occurrence` (M), and the measures of it or its subset; k is at most top_k.  -1 when out of
 * memory. */
int analysis_occurrence(const struct analysis *analysis, size_t k, uint32_t *occurrence, struct hubness *hubness);
void analysis_close(struct analysis *analysis);

#endif
