/* Fitting rules to a task, with the catalog as a cache, and scoring with the result. */
#ifndef HUBSCOPE_ENGINE_FITTING_FIT_H
#define HUBSCOPE_ENGINE_FITTING_FIT_H

#include "engine/fitting/rule.h"

struct fit_options {
    size_t memory; /* bytes a rule may use to keep similarities (Sinkhorn, gc); 0: fit_memory() */
    bool no_cache; /* neither read nor write cached fits */
};

/* The default budget of a fit: a quarter of RAM until another is set (0: a quarter again).  Set it before work
 * begins. */
size_t fit_memory(void);
void fit_set_memory(size_t bytes);

/* Fits `count` specs in as few passes over the bank as possible.  On success every fits[i] is a new reference; on
 * failure the call leaves none. */
int fit_rules(const struct task *task, const struct rule_spec *specs, size_t count, const struct fit_options *options,
              struct fit **fits, struct job *job, struct error *error);

/* The cached fit to the whole task, with one reference; null if there is none. */
struct fit *fit_known(const struct task *task, const struct rule_spec *spec);

/* A fit from what fit_blob_make wrote of one on the same data; null on failure. */
struct fit *fit_restore(const struct task *task, const struct rule_spec *spec, const void *blob, size_t size,
                        struct error *error);

/* A fit without its numbers, for results that come from elsewhere: gates are said to exist, and cannot be looked at. */
struct fit *fit_stand_in(const struct task *task, const struct rule_spec *spec, double residual, bool gated,
                         bool gallery_gated);

struct fit *fit_keep(struct fit *fit); /* one more reference */
void fit_release(struct fit *fit);     /* null is fine */

/* QB-Norm's gate: whether the rule applies to a query whose raw top-1 is `top1`; always true for ungated rules. */
static inline bool fit_open(const struct fit *fit, uint32_t top1)
{
    return !fit->active || fit->active[top1];
}

double fit_mean_bias(const struct fit *fit); /* over the gallery; 0 without a bias */

/* Whether a query's scores are its similarities, unchanged. */
static inline bool fit_plain(const struct fit *fit, bool open)
{
    return !fit->spec.rule->score && !(open && fit->shift);
}

/* Turns one query's similarities s (M) into scores (M), a different array, that order the gallery.  For most rules they
 * are in similarity units, score[j] = s[j] + shift[j] (or s[j] if the gate is shut), with logit = scale * score up to a
 * constant of the row; a rule with a `score` function of its own defines what they are.  -1 when out of memory. */
int fit_score(const struct fit *fit, bool open, const struct asker *asker, const float *s, float *score);

#endif
