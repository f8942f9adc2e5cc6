/* Scoring rules.  A rule is one file in engine/rules/ and one line in engine/rules/rules.def.
 *
 * Nearly every rule is one number per gallery item, fitted once from the bank:
 *     logit(q, j) = scale * S[q][j] + bias[j]
 * (factors and terms that are the same for every item of a query's list are left out: they change neither ranks nor
 * probabilities).  The others have a `score` function of their own.  The explorer, the command line and the help text
 * take all they show about a rule from its entry. */
#ifndef HUBSCOPE_ENGINE_FITTING_RULE_H
#define HUBSCOPE_ENGINE_FITTING_RULE_H

#include "engine/fitting/arithmetic.h"
#include "engine/fitting/bank_stats.h"
#include "engine/fitting/task.h"
#include "engine/matrices/sims_split.h"
#include "engine/matrices/tiles.h"

enum { RULE_PARAMETERS = 4, RULES_MAX = 32 };

struct rule_parameter {
    const char *name;    /* "beta" */
    const char *meaning; /* "inverse temperature", a few words */
    double value;        /* default; NAN: the model's logit scale */
    double least, most;  /* accepted range, inclusive */
    bool whole;          /* whole numbers only */
    bool logarithmic;    /* `step` multiplies rather than adds */
    double step;         /* one press of [ or ] */
};

enum rule_needs {
    RULE_NEEDS_NOTHING = 0,
    RULE_NEEDS_BANK = 1,
    RULE_NEEDS_EMBEDDINGS = 2,
    RULE_NEEDS_GALLERY_BANK = 4,  /* similarities of a second bank, of the gallery's own modality, to the gallery */
    RULE_NEEDS_ALL_QUERIES = 8,   /* transductive, and labelled so wherever the rule is shown */
    RULE_NEEDS_BANK_GALLERY = 16, /* similarities of the bank to the second bank */
    RULE_NEEDS_COSINES = 32       /* similarities of at most 1 */
};

/* A rule with values for its parameters, as a user requests it. */
struct rule_spec {
    const struct rule *rule;
    double value[RULE_PARAMETERS];
};

/* A fitted rule: immutable once made, shared by reference count, safe to read from any thread. */
struct fit {
    struct rule_spec spec;
    char model[64];       /* the model whose similarities it was fitted to */
    char bank[128];       /* the bank it was fitted on, as bank_name_print writes it; "" if none */
    size_t m;             /* gallery items */
    size_t n;             /* bank rows */
    double scale;         /* logit = scale * S + bias, or scale * score */
    double *bias;         /* (M) in logits, or null: no bias */
    float *shift;         /* (M) (bias - its largest) / scale: added to similarities for ordering; null with bias */
    double *gallery_bias; /* (M) the second bank's share of the bias, if it has a gate of its own; or null */
    float *bank_shift, *gallery_shift; /* (M) shift, split between the banks; null without gallery_bias */
    uint8_t *active;                   /* (M) activation set of a gated rule, or null: never gated */
    uint8_t *gallery_active;           /* (M) the second bank's, for its own gate; or null */
    double *row_bias;  /* (N) log weight of each bank query in the bias (NCL: log a), or null: all equal */
    double pull_scale; /* weight of bank query i in item j's bias is exp(pull_scale B[i][j] + row_bias[i]) */
    size_t pull_top;   /* not 0: the bias is a mean over the pull_top most similar bank queries, equally weighted */
    void *own;         /* data of a rule with its own score, or null; released by rule->close */
    double residual;   /* NCL: mean |mass on the bank - N/M|; NAN elsewhere */
    _Atomic unsigned references;
};

/* Statistics of the banks' similarities that rules need, collected before any rule is fitted. */
struct fit_plan {
    struct bank_plan bank;    /* of B (N, M) */
    struct bank_plan gallery; /* of G (K, M) */
};

/* What a rule is fitted from. */
struct fit_input {
    const struct task *task;
    const struct bank_stats *stats;         /* of B: what was planned, or more */
    const struct bank_stats *gallery_stats; /* of G */
    size_t memory; /* bytes a rule may use to keep similarities; beyond that it computes them again */
    struct job *job;
};

/* Whose similarities are scored: evaluation query `row`, or a query with a vector of its own. */
struct asker {
    const struct task *task; /* the one that the rule was fitted on */
    const float *vector;     /* (d) L2-normalised, or null */
    size_t row;              /* if vector is null */
    uint32_t top1;           /* the query's raw best item, which gates look at */
    const uint32_t *counts;  /* (M) from rule->count for this query, or null */
};

struct rule {
    const char *name;    /* "ncl": command line and files */
    unsigned version;    /* raised when a rule's numbers change, so that fits cached before are not used */
    const char *title;   /* "NCL": screens */
    const char *brief;   /* what it is in a few words, for lists of rules */
    const char *formula; /* one line of plain text */
    const char *about;   /* one or two sentences for newcomers */
    const char *source;  /* where the formula comes from */
    const char *label;   /* a word shown with the title where there is room ("transductive"), or null */
    struct rule_parameter parameters[RULE_PARAMETERS];
    size_t parameter_count;
    struct { /* a parameter of former versions, refused with a hint to its successor; or all null */
        const char *name, *by, *how;
    } replaced;
    unsigned needs;  /* enum rule_needs */
    bool order_only; /* its scores order a list and are not logits: no probabilities, no mass */
    bool iterates;   /* its fit walks the similarities again and again */

    /* Checks the values against the task and adds what `fit` will need from the banks; may be null. */
    int (*plan)(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error);

    /* Fills scale, bias, active, ... of a `fit` that is zeroed but for spec, m, n, bank and residual (NAN).  The caller
     * derives shift, and on failure releases what was filled. */
    int (*fit)(const struct fit_input *input, struct fit *fit, struct error *error);

    /* Null for rules of the form above.  Else turns one query's similarities s (M) into scores (M), a different array,
     * that order its list.  Only reads the fit; called from several threads at once.  -1 when out of memory. */
    int (*score)(const struct fit *fit, const struct asker *asker, const float *s, float *score);

    /* May be null.  Precomputes what `score` needs for some items, from their similarities to runs of evaluation
     * queries or to the asker (a run of one): for rules that read much memory per item.  Otherwise `score` computes it
     * itself. */
    void (*count)(const struct fit *fit, const struct asker *asker, const struct sims_counts *each, size_t several,
                  struct span items);
    bool (*counted)(const struct fit *fit); /* whether the counts of evaluation queries are kept, to be looked up */

    void (*close)(void *own); /* releases fit->own; null is fine */

    /* Adds the lines that lead from one query's similarities s (M) to an item's logit or, if the rule only orders, its
     * score, but for the result itself (TERM_EQUALS); see engine/fitting/explain.h.  Null: scale * S + bias, or for a
     * rule with its own score no lines. */
    void (*explain)(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                    struct arithmetic *arithmetic);
};

static inline bool rule_transductive(const struct rule *rule)
{
    return (rule->needs & RULE_NEEDS_ALL_QUERIES) != 0;
}

/* The table. */
extern const struct rule *const rules[];
extern const size_t rules_count;

const struct rule *rule_find(const char *name); /* null if unknown */

/* Defaults; `logit_scale` is the model's. */
struct rule_spec rule_default(const struct rule *rule, double logit_scale);

/* Reads "NAME" or "NAME:param=value,param=value".  The error names the known rules or parameters, or the range. */
int rule_parse(const char *text, double logit_scale, struct rule_spec *spec, struct error *error);

/* Writes "ncl:scale=22.712,iterations=4"; also the key of cached fits.  rule_parse reads the numbers back exactly. */
void rule_print(const struct rule_spec *spec, char *buffer, size_t size);

bool rule_same(const struct rule_spec *a, const struct rule_spec *b); /* the same rule with the same values */

double rule_value(const struct rule_spec *spec, const char *parameter); /* NAN if the rule has no such parameter */

/* Null if the rule can be fitted on the task, else one line on what is missing. */
const char *rule_unavailable(const struct rule *rule, const struct task *task);

#endif
