/* The arithmetic of one score, for every rule. */
#ifndef HUBSCOPE_ENGINE_FITTING_EXPLAIN_H
#define HUBSCOPE_ENGINE_FITTING_EXPLAIN_H

#include "engine/fitting/arithmetic.h"
#include "engine/fitting/fit.h"

/* Fills `arithmetic` with the lines that lead from the asker's similarities s (M) to the logit of an item, or to its
 * score if the rule only orders; `score` (M) is what fit_score made of s.  Results of a query's items are apart as the
 * logits are, and in the order of the scores.  A rule with a score of its own that does not explain it shows similarity
 * and score alone. */
void fit_explain(const struct fit *fit, const struct asker *asker, const float *s, const float *score, size_t item,
                 struct arithmetic *arithmetic);

#endif
