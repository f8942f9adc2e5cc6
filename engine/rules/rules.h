/* The rules, for table.c, and what they share. */
#ifndef HUBSCOPE_ENGINE_RULES_RULES_H
#define HUBSCOPE_ENGINE_RULES_RULES_H

#include "engine/fitting/rule.h"

#define RULE(name) extern const struct rule rule_##name;
#include "engine/rules/rules.def"
#undef RULE

/* The inverted softmax: scale beta, bias -log sum_i exp(beta B[i][j]), for a plan with that beta. */
int inverted_softmax_plan(double beta, const struct rule_spec *spec, struct bank_plan *plan, struct error *error);
int inverted_softmax_fit(double beta, const struct fit_input *input, struct fit *fit, struct error *error);

/* QB-Norm's gate: the activation set of the bank queries' top k. */
int gate_plan(size_t k, const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
              struct error *error);
int gate_fit(size_t k, const struct fit_input *input, struct fit *fit, struct error *error);

/* Bias -weight times the mean of the item's k largest bank similarities (k at most N), for a plan with that many. */
int mean_top_fit(double weight, size_t k, const struct fit_input *input, struct fit *fit, struct error *error);

/* DualIS, for dualdis too. */
int dual_softmax_plan(const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
                      struct error *error);
int dual_softmax_fit(const struct fit_input *input, struct fit *fit, struct error *error);
#define DUAL_PARAMETERS                                                                                              \
    {.name = "beta_query", .meaning = "inverse temperature of the bank of queries", .value = 20, .least = 1e-3,      \
     .most = 1e5, .logarithmic = true, .step = 1.25},                                                                \
    {.name = "beta_gallery", .meaning = "inverse temperature of the second bank", .value = 20, .least = 1e-3,        \
     .most = 1e5, .logarithmic = true, .step = 1.25}

#endif
