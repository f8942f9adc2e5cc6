#include "engine/rules/rules.h"

int dual_softmax_plan(const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
                      struct error *error)
{
    (void)task;
    return inverted_softmax_plan(rule_value(spec, "beta_query"), spec, plan, error);
}

/* The product of two inverted softmaxes, in logarithms.  The gallery bank's term, -log sum_r exp(beta_gallery G[q][r]),
 * is the same for every item of the query's list: it cancels, and beta_gallery remains as a weight of the
 * similarity. */
int dual_softmax_fit(const struct fit_input *input, struct fit *fit, struct error *error)
{
    if (inverted_softmax_fit(rule_value(&fit->spec, "beta_query"), input, fit, error))
        return -1;
    fit->scale += rule_value(&fit->spec, "beta_gallery");
    return 0;
}

const struct rule rule_dualis = {
    .name = "dualis",
    .title = "DualIS",
    .brief = "inverted softmax over two banks",
    .formula = "(beta_query + beta_gallery) S[q][j] - log sum_i exp(beta_query B[i][j]) - log sum_r exp(beta_gallery "
               "G[q][r])",
    .about = "The product of two inverted softmaxes, over the bank of queries and over a second bank of the gallery's "
             "own kind (G: query against that bank).  The last term is the same for the whole list and cancels; what "
             "the second bank adds is a larger weight of the similarity against the bias.",
    .source = "Wang et al. 2023, Balance act: mitigating hubness in cross-modal retrieval with query and gallery banks",
    .parameters = {DUAL_PARAMETERS},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_GALLERY_BANK,
    .plan = dual_softmax_plan,
    .fit = dual_softmax_fit,
};
