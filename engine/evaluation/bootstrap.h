/* How sure a difference between two rules is: paired bootstrap over the queries.
 *
 * A sample draws as many queries as there are, with replacement, and takes both rules' ranks of every query drawn, so
 * that hard queries are hard for both.  For each measure, difference is `to` minus `from` on all queries; low and high
 * are the 2.5 % and 97.5 % quantiles of the samples' differences; p is two-sided, twice the smaller share of samples
 * whose difference is <= 0 or >= 0, (count + 1) / (samples + 1) so that it is never 0, and at most 1. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BOOTSTRAP_H
#define HUBSCOPE_ENGINE_EVALUATION_BOOTSTRAP_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include <stddef.h>
#include <stdint.h>

enum { BOOTSTRAP_SAMPLES = 2000, BOOTSTRAP_SAMPLES_MOST = 1000000 }; /* the default, and the most */

struct interval {
    double difference, low, high, p; /* all NAN without queries */
};

/* 1 above chance, -1 below it: the interval leaves out 0; else 0. */
static inline int interval_side(const struct interval *interval) { return (interval->low > 0) - (interval->high < 0); }

struct bootstrap {
    size_t samples, queries; /* queries that have a target under both rules */
    uint64_t seed;
    size_t helped, hurt, unchanged; /* of those, by their rank */
    struct interval r1, r10;        /* percentage points */
    struct interval mnr;            /* ranks: below 0 is better */
};

/* `from` and `to` are (queries) ranks as in struct analysis; a query whose rank is NAN in either does not count.  The
 * same for the same seed, whatever the number of workers. */
int bootstrap_paired(const double *from, const double *to, size_t queries, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error);

#endif
