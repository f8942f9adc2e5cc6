/* Retrieval metrics and hubness measures from vectors of ranks, counts and masses.  All are correct for rectangular
 * data (Q != M).  Definitions: Radovanovic et al. 2010 for skewness, scikit-hubness for the rest, generalised to
 * Q != M. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_MEASURES_H
#define HUBSCOPE_ENGINE_EVALUATION_MEASURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics {
    double r1, r5, r10, r50; /* percent of queries with rank < k + 1 (R@1: rank exactly 1) */
    double mdr, mnr;         /* median and mean rank */
    double geometric;        /* (R@1 R@5 R@10)^(1/3) */
    double ndcg, map;        /* nDCG@10 and mean average precision, percent; NAN unless queries have several targets */
};

/* How much a rank or median grows; 0 if both are infinite (masked videos that are kept), NAN if one is NAN. */
static inline double rank_change(double from, double to)
{
    return to == from ? 0 : to - from;
}

struct hubness {
    size_t k;
    double skewness;   /* population third standardised moment of N_k; 0 if constant */
    double kurtosis;   /* population fourth standardised moment minus 3 (0: a normal distribution); 0 if constant */
    double robin_hood; /* share of list places to move for equality */
    double gini;
    double atkinson;            /* epsilon 1/2 */
    uint32_t max;               /* largest N_k */
    double antihub_rate;        /* share of items in no list */
    size_t hub_count;           /* as published: items with N_k >= 2 k */
    double hub_occurrence;      /* share of list places held by these items: their sum of N_k / (k Q) */
    size_t fair_hub_count;      /* hubs: items with N_k of at least twice the fair share k Q / M */
    double fair_hub_occurrence; /* share of list places that hubs hold */
    double groupie_ratio;       /* share of list places held by the biggest hub: max / (k Q) */
};

struct mass_summary {
    double expected;            /* Q/M */
    double normalization_error; /* mean |mass - Q/M| */
    double least, most;
};

/* NAN ranks (queries without a target) do not count; if all are NAN, every field is NAN.  -1 when out of memory. */
int metrics_of(const double *rank, size_t queries, struct metrics *metrics);

/* `queries` is the number of lists behind the counts.  -1 when out of memory. */
int hubness_of(const uint32_t *occurrence, size_t items, size_t k, size_t queries, struct hubness *hubness);
/* The same of the items inside alone (null: all); fair shares, and shares of list places, are those of all. */
int hubness_within(const uint32_t *occurrence, const bool *inside, size_t items, size_t k, size_t queries,
                   struct hubness *hubness);
/* The same from holding[n] (most + 1), how many of `items` in a gallery of `gallery` are in n lists. */
void hubness_of_histogram(const size_t *holding, size_t most, size_t items, size_t gallery, size_t k, size_t queries,
                          struct hubness *hubness);

/* False answers of over- and under-represented items, as NCL's paper plots them.  An item is over-represented if its
 * mass is above Q/M, else under-represented.  False positives: the share of first places taken by these items (among
 * queries with a target) where they are not a target.  False negatives: the share of queries targeting such an item
 * whose first place goes to another item; a query with several targets counts for each.  NAN if there are none. */
struct false_rates {
    size_t items;
    double false_positive, false_negative;
};

enum { MASS_QUANTILES = 5 };
extern const double mass_quantile_share[MASS_QUANTILES]; /* 0.05, 0.25, 0.5, 0.75, 0.95 */

/* Quantiles of the mass, interpolated between the nearest two items.  -1 when out of memory. */
int mass_quantiles_of(const double *mass, size_t items, double quantile[MASS_QUANTILES]);

/* Lorenz curve at points + 1 equal steps: lorenz[i] is the share of all mass held by the poorest i / points of the
 * items.  -1 when out of memory. */
int lorenz_of(const double *mass, size_t items, size_t points, double *lorenz);

struct mass_summary mass_summary_of(const double *mass, size_t items, size_t queries);
/* The same of the items inside alone (null: all), against the fair share of all. */
struct mass_summary mass_summary_within(const double *mass, const bool *inside, size_t items, size_t queries);

/* The share of all mass on the tenth of the items that holds most of it (at least one item); NAN without items.
 * Reorders the masses. */
double mass_top_tenth_of(double *mass, size_t items);

/* What the bootstrap tests of mass: summary measures, the share of mass_top_tenth_of, and how many items are above
 * their fair share. */
#define MASS_MEASURES(X) X(normalization_error) X(least) X(most) X(top_tenth) X(over)
#define MASS_ONE(name) +1
enum { MASS_MEASURE_COUNT = MASS_MEASURES(MASS_ONE) };
#undef MASS_ONE
struct mass_measures {
    union {
        struct {
            double normalization_error, least, most, top_tenth, over;
        };
        double of[MASS_MEASURE_COUNT]; /* the same in that order */
    };
};

struct mass_measures mass_measures_of(double *mass, size_t items, size_t queries); /* reorders the masses */

#endif
