/** @file
 * What a study found: for each entry its measures, and the vectors they are made of.
 *
 * Arrays that functions return belong to the study: read them until it is closed.  They are null for an entry that does
 * not exist or has not come so far, and where the rule has none.  Shapes: Q queries, M items of the gallery.
 *
 * Threads: as in hubscope/study.h; everything here only reads.
 */
#ifndef HUBSCOPE_RESULTS_H
#define HUBSCOPE_RESULTS_H

#include <hubscope/study.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The name of the entry's rule: "ncl"; null past the last entry. */
HUBSCOPE_API const char *hubscope_result_rule(const struct hubscope_study *study, size_t entry);

/** The value of a parameter of the entry's rule: "beta"; NaN if it has none of that name. */
HUBSCOPE_API double hubscope_result_parameter(const struct hubscope_study *study, size_t entry, const char *parameter);

/** The name of the entry's model; null past the last entry. */
HUBSCOPE_API const char *hubscope_result_model(const struct hubscope_study *study, size_t entry);

/** The name of the bank that the entry is fitted to; "" for a rule without, null past the last entry and before it is
 * fitted. */
HUBSCOPE_API const char *hubscope_result_bank(const struct hubscope_study *study, size_t entry);

/** The number of measures. */
HUBSCOPE_API size_t hubscope_measures(void);

/** The name of measure `measure`, as in the JSON of `hubscope eval`: "R@1", "MdR", "skewness"; only the least and
 * largest mass are called "mass_min" and "mass_max" here.  Null past the last. */
HUBSCOPE_API const char *hubscope_measure_name(size_t measure);

/** What measure `measure` is, in a few words; null past the last. */
HUBSCOPE_API const char *hubscope_measure_title(size_t measure);

/** An analysed entry's value of the measure of that name.
 *
 * Recalls, geom, nDCG and MAP are in percent, other rates are shares of 1.  Measures of hubness are of the 10 best
 * places.  NaN for a name that is unknown, an entry that is not analysed, and where the rule has no such value. */
HUBSCOPE_API double hubscope_result_measure(const struct hubscope_study *study, size_t entry, const char *measure);

/** (M) what the fitted rule adds to every similarity to an item, in logits; null for rules of another form. */
HUBSCOPE_API const double *hubscope_result_bias(const struct hubscope_study *study, size_t entry);

/** (Q) the rank of each query's target, the best of several; 1 is best, ties are averaged.  NaN for a query without a
 * target. */
HUBSCOPE_API const double *hubscope_result_ranks(const struct hubscope_study *study, size_t entry);

/** (M) retrieval probability summed over the queries, of which Q / M is the fair share; null for a rule without
 * probabilities. */
HUBSCOPE_API const double *hubscope_result_mass(const struct hubscope_study *study, size_t entry);

/** (Q) 1 where QB-Norm's gate lets the rule apply to a query, else 0; null for a rule without a gate. */
HUBSCOPE_API const uint8_t *hubscope_result_gate(const struct hubscope_study *study, size_t entry);

/** (Q, *places) gallery rows of each query's best items, best first.
 *
 * @param study the study
 * @param entry the entry
 * @param[out] places length of the lists: what hubscope_study_analyse() was asked for, at most M; 0 with null */
HUBSCOPE_API const uint32_t *hubscope_result_lists(const struct hubscope_study *study, size_t entry, size_t *places);

/** (M) N_k: in how many lists of the k best places an item is, k Q / M being its fair share.  k is 1, 5 or 10; null for
 * any other. */
HUBSCOPE_API const uint32_t *hubscope_result_occurrences(const struct hubscope_study *study, size_t entry, size_t k);

#ifdef __cplusplus
}
#endif

#endif
