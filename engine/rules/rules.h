/* The rules, for table.c, and what they share. */
#ifndef HUBSCOPE_ENGINE_RULES_RULES_H
#define HUBSCOPE_ENGINE_RULES_RULES_H

#include "engine/fitting/rule.h"
#include "engine/fitting/sinkhorn.h"

#define RULE(name) extern const struct rule rule_##name;
#include "engine/rules/rules.def"
#undef RULE

/* The model's logit scale, a parameter of every rule whose logits come from similarities. */
#define SCALE_PARAMETER                                                                                                \
    {                                                                                                                  \
        .name = "scale", .meaning = "logit scale", .value = NAN, .least = 1e-3, .most = 1e5, .logarithmic = true,      \
        .step = 1.25                                                                                                   \
    }

/* "video" or "caption": what the asker's gallery holds, for explanations. */
const char *item_name(const struct asker *asker);

/* The inverted softmax: scale beta, bias -log sum_i exp(beta B[i][j]), for a plan with that beta. */
int inverted_softmax_plan(double beta, const struct rule_spec *spec, struct bank_plan *plan, struct error *error);
int inverted_softmax_fit(double beta, const struct fit_input *input, struct fit *fit, struct error *error);
/* Adds its lines, its term behind the fit's gate if that has one. */
void inverted_softmax_explain(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                              struct arithmetic *arithmetic);

/* QB-Norm's gate: the activation set of a bank's top k. */
int gate_plan(size_t k, const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
              struct error *error);
/* Returns a new array (M); null with the error filled when out of memory. */
uint8_t *gate_fit(size_t k, const struct bank_stats *stats, struct error *error);

/* Sets the bias to -weight times the mean of the item's k largest bank similarities (k at most N); the plan must
 * include as many. */
int mean_top_fit(double weight, size_t k, const struct fit_input *input, struct fit *fit, struct error *error);
/* The mean of the k largest of x (m); k is at most m.  NAN when out of memory. */
double mean_of_largest(const float *x, size_t m, size_t k);

/* Log-sum-exp of scale S over the evaluation queries, which replace the bank, into lse (M). */
int query_lse(const struct fit_input *input, double scale, double *lse, struct error *error);

/* Sinkhorn-Knopp with the rule's `iterations` at fit->scale, from the given log_b (M).  Sets residual, and row_bias if
 * the matrix's rows are the bank's. */
int sinkhorn_fit(const struct sinkhorn_matrix *matrix, double *log_b, const struct fit_input *input, struct fit *fit,
                 struct error *error);
#define SINKHORN_PARAMETERS(default_iterations)                                                                        \
    SCALE_PARAMETER,                                                                                                   \
    {                                                                                                                  \
        .name = "iterations", .meaning = "Sinkhorn iterations", .value = default_iterations, .least = 0, .most = 1000, \
        .whole = true, .step = 1                                                                                       \
    }

/* Shifts a bias (M) so that its log-sum-exp is 0, which changes no rank. */
void bias_centre(double *bias, size_t m);

/* DualIS, also used by dualdis; `gallery_bias` (M), unless null, receives the second bank's share of the bias. */
int dual_softmax_plan(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan,
                      struct error *error);
int dual_softmax_fit(const struct fit_input *input, struct fit *fit, double *gallery_bias, struct error *error);
/* Adds their lines; `second` is the item's log-sum over the second bank. */
void dual_softmax_explain(const struct fit *fit, const struct asker *asker, const float *s, size_t item, double second,
                          struct arithmetic *arithmetic);
#define DUAL_PARAMETERS                                                                                                \
    {.name = "beta_query",                                                                                             \
     .meaning = "inverse temperature of the bank of queries",                                                          \
     .value = 20,                                                                                                      \
     .least = 1e-3,                                                                                                    \
     .most = 1e5,                                                                                                      \
     .logarithmic = true,                                                                                              \
     .step = 1.25},                                                                                                    \
    {                                                                                                                  \
        .name = "beta_gallery", .meaning = "inverse temperature of the second bank", .value = 1, .least = 1e-3,        \
        .most = 1e5, .logarithmic = true, .step = 1.25                                                                 \
    }

#endif
