/* How useful a bank is: how well it represents the evaluation queries, and what every rule gains from it. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_BANK_REPORT_H
#define HUBSCOPE_ENGINE_EVALUATION_BANK_REPORT_H

#include "engine/evaluation/analysis.h"

enum { BANK_REPORT_K = 10 };

struct bank_rule { /* a rule fitted on the bank */
    struct rule_spec spec;
    struct metrics metrics;                /* on the evaluation queries */
    double skewness;                       /* of N_10, likewise */
    double normalization_error, gate_rate; /* NAN if the rule has none */
};

struct bank_report {
    struct bank_subset subset;
    size_t rows;        /* bank queries */
    double coverage;    /* share of the gallery in the activation set: the best item of some bank query */
    double gate_rate;   /* share of the evaluation queries whose best item is in that set */
    double correlation; /* Spearman's, between the items' N_10 over the bank and over the queries, ties averaged;
                           NAN if either is constant */
    size_t bank_hubs, query_hubs, shared_hubs; /* items in at least hub_threshold lists */
    double hub_overlap;                        /* shared / (either); 0 if there are no hubs */
    double distance;              /* between the mean embeddings of bank and queries; NAN for stored similarities */
    double bank_top1, query_top1; /* mean similarity to the best item */
    struct metrics raw;           /* on the evaluation queries */
    double raw_skewness;          /* of N_10, likewise */
    size_t gallery;               /* M */
    size_t queries;               /* evaluation queries */
    uint32_t *bank_count, *query_count; /* (M) N_10 over the bank and over the queries, owned */
    struct bank_rule *rule;             /* (rules), owned */
    size_t rules;
};

/* Reports on the rows chosen of the task's bank and on `count` specs fitted on them, in one pass over the bank and one
 * over the evaluation queries.  Fails without a bank. */
int bank_report_make(const struct task *task, const struct rule_spec *specs, size_t count, struct bank_report *report,
                     struct job *job, struct error *error);
void bank_report_close(struct bank_report *report);

/* Writes one sentence: whether the bank fits the queries, and what to expect of it. */
void bank_report_reading(const struct bank_report *report, char *buffer, size_t size);

/* Spearman's rank correlation of two vectors of counts; NAN if either is constant.  Sets *failed when out of memory. */
double rank_correlation(const uint32_t *x, const uint32_t *y, size_t count, bool *failed);

/* The same of two biases (M); NAN also when out of memory. */
double bias_agreement(const double *x, const double *y, size_t count);

#endif
