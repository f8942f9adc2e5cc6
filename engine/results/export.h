/* One table of what the explorer shows, made afresh from its fits and written to a file: a plain description of what is
 * wanted, so that it can be carried to another thread. */
#ifndef HUBSCOPE_ENGINE_RESULTS_EXPORT_H
#define HUBSCOPE_ENGINE_RESULTS_EXPORT_H

#include "engine/encoders/encoder.h"
#include "engine/fitting/fit.h"
#include "engine/results/name.h"
#include "engine/evaluation/sweep.h"

enum export_table {
    EXPORT_ANSWERS, /* the current query's lists */
    EXPORT_HUBS,
    EXPORT_MASS,
    EXPORT_SHIFTS,
    EXPORT_METRICS,
    EXPORT_SWEEP,
    EXPORT_BANKS,
    EXPORT_VECTORS /* into a directory: what `hubscope eval --dump` writes */
};

struct export {
    enum export_table table;
    const struct task *task;       /* borrowed */
    struct fit *fit[RULES_MAX];    /* borrowed: the compared rule first, the current one last */
    size_t fits;
    size_t k;                      /* of hubs */
    uint32_t *order;               /* (shown) rows of hubs, mass or shifts; null: in the table's own order */
    size_t shown;

    char *text;                    /* of answers: the query, and what it was encoded to */
    float *vector;                 /* (d); null: evaluation query `query` */
    struct encoding encoding;
    size_t query;

    struct sweep sweep;            /* of a sweep */
    struct rule_spec bank_spec[RULES_MAX]; /* of banks: the rules fitted on each */
    size_t bank_specs;
};

struct export_outcome {
    size_t rows, files;
};

/* Writes the table; which formats it has depends on it, and the error names them.  A TREC run holds the current rule's
 * lists: of one query for answers, else of all evaluation queries.  .npy has one vector of the current rule: scores
 * (M), N_k (M), mass (M) or target ranks (Q). */
int export_write(const struct export *export, const char *path, enum format format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error);

/* Releases what is not borrowed. */
void export_close(struct export *export);

#endif
