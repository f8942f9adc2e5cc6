/* The rules of this folder, for table.c, and what they share. */
#ifndef HUBSCOPE_ENGINE_RULES_RULES_H
#define HUBSCOPE_ENGINE_RULES_RULES_H

#include "engine/rule.h"

extern const struct rule rule_raw, rule_is, rule_qbnorm, rule_ncl;

/* The inverted softmax: scale beta, bias -log sum_i exp(beta B[i][j]), for a plan with that beta. */
int inverted_softmax_plan(double beta, const struct rule_spec *spec, struct bank_plan *plan, struct error *error);
int inverted_softmax_fit(double beta, const struct fit_input *input, struct fit *fit, struct error *error);

#endif
