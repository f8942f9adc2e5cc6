/* How certain a difference between two rules is: paired bootstrap over the queries.
 *
 * A sample draws as many queries as exist, with replacement, and takes both rules' ranks and top lists of every query
 * drawn, so that hard queries are hard for both.  For each measure, difference is `to` minus `from` on all queries; low
 * and high are the 2.5 % and 97.5 % quantiles of the samples' differences; p is two-sided, twice the smaller share of
 * samples whose difference is <= 0 or >= 0, (count + 1) / (samples + 1) so that it is never 0, and at most 1.
 *
 * Measures of mass are tested only if asked for (bootstrap_add_mass), as no analysis keeps the probabilities that the
 * mass of a sample is a sum of: see engine/evaluation/mass_samples.h.
 *
 * Infinite ranks (masked videos that are kept) count as unchanged where both are infinite: the difference of MnR is the
 * mean change of rank, also where both mean ranks are infinite.
 *
 * Retrieval measures, nDCG and MAP among them, draw from the queries that have a target under both rules; measures of
 * hubness and mass, which need no target, draw from all queries; if all have one, the draws are the same.  Drawing
 * with replacement makes N_k and mass less even under both rules, most under the more even one, and so shrinks their
 * differences towards 0: those intervals are conservative, and are extended to the difference itself if it lies
 * outside. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BOOTSTRAP_H
#define HUBSCOPE_ENGINE_EVALUATION_BOOTSTRAP_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/mass_samples.h"
#include <stddef.h>
#include <stdint.h>

enum { BOOTSTRAP_SAMPLES = 2000, BOOTSTRAP_SAMPLES_MOST = 1000000 }; /* the default, and the most */

struct interval {
    double difference, low, high, p; /* all NAN if nothing was tested */
};

/* 1 if the whole interval is above 0, -1 if it is below, else 0: no difference beyond chance. */
static inline int interval_side(const struct interval *interval)
{
    return (interval->low > 0) - (interval->high < 0);
}

/* The measures tested, named as in struct metrics, struct hubness and struct mass_measures and in their units. */
#define BOOTSTRAP_RETRIEVAL(X) X(r1) X(r5) X(r10) X(r50) X(mdr) X(mnr) X(geometric)
#define BOOTSTRAP_HUBNESS(X)                                                                                           \
    X(skewness)                                                                                                        \
    X(kurtosis)                                                                                                        \
    X(robin_hood) X(gini) X(atkinson) X(max) X(groupie_ratio) X(antihub_rate) X(fair_hub_count) X(fair_hub_occurrence)
#define BOOTSTRAP_JUDGED(X) X(ndcg) X(map) /* only where queries have several targets */
#define BOOTSTRAP_ONE(name) +1
enum {
    BOOTSTRAP_RANKED = BOOTSTRAP_RETRIEVAL(BOOTSTRAP_ONE),
    BOOTSTRAP_LISTED = BOOTSTRAP_RANKED + BOOTSTRAP_HUBNESS(BOOTSTRAP_ONE), /* those of ranks and lists */
    BOOTSTRAP_SAMPLED = BOOTSTRAP_LISTED + BOOTSTRAP_JUDGED(BOOTSTRAP_ONE),
    BOOTSTRAP_MEASURES = BOOTSTRAP_SAMPLED + MASS_MEASURE_COUNT
};
#undef BOOTSTRAP_ONE

struct bootstrap {
    size_t samples, queries; /* queries that have a target under both rules */
    size_t k;                /* of the hubness measures; 0: not tested */
    uint64_t seed;
    size_t helped, hurt, unchanged; /* of those queries, by their rank */
    enum mass_sampling mass;        /* whether measures of mass were tested, or why not */
    size_t mass_memory;             /* bytes that it needs, if there was not enough */
    union {
        struct {
#define BOOTSTRAP_FIELD(name) struct interval name;
            BOOTSTRAP_RETRIEVAL(BOOTSTRAP_FIELD)
            BOOTSTRAP_HUBNESS(BOOTSTRAP_FIELD)
            BOOTSTRAP_JUDGED(BOOTSTRAP_FIELD)
            MASS_MEASURES(BOOTSTRAP_FIELD)
#undef BOOTSTRAP_FIELD
        };
        struct interval of[BOOTSTRAP_MEASURES]; /* the same in that order */
    };
};

/* Both analyses are of the same queries and gallery; hubness is that of the top k, or of as many places as both have.
 * Does not test mass.  The result depends on the seed, not on the number of workers. */
int bootstrap_analyses(const struct analysis *from, const struct analysis *to, size_t k, size_t samples, uint64_t seed,
                       struct bootstrap *result, struct job *job, struct error *error);

/* The retrieval measures alone: `from` and `to` (queries) are ranks as in struct analysis; a query whose rank is NAN in
 * either does not count. */
int bootstrap_paired(const double *from, const double *to, size_t queries, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error);

/* Adds the measures of mass from both rules' samples, drawn with the result's seed; sets only result->mass if one of
 * them has none.  -1 when out of memory. */
int bootstrap_add_mass(const struct mass_samples *from, const struct mass_samples *to, struct bootstrap *result);

#endif
