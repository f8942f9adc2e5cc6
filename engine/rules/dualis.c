#include "engine/rules/rules.h"

int dual_softmax_plan(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    return inverted_softmax_plan(rule_value(spec, "beta_query"), spec, &plan->bank, error) ||
                   inverted_softmax_plan(rule_value(spec, "beta_gallery"), spec, &plan->gallery, error)
               ? -1
               : 0;
}

/* The product of two inverted softmaxes, as logarithms: each bank adds one term per item. */
int dual_softmax_fit(const struct fit_input *input, struct fit *fit, double *gallery_bias, struct error *error)
{
    double beta = rule_value(&fit->spec, "beta_gallery");
    const double *lse = bank_lse(input->gallery_stats, beta);

    if (inverted_softmax_fit(rule_value(&fit->spec, "beta_query"), input, fit, error))
        return -1;
    fit->scale += beta;
    for (size_t j = 0; j < fit->m; j++) {
        fit->bias[j] -= lse[j];
        if (gallery_bias)
            gallery_bias[j] = -lse[j];
    }
    return 0;
}

static int fit_dualis(const struct fit_input *input, struct fit *fit, struct error *error)
{
    return dual_softmax_fit(input, fit, NULL, error);
}

const struct rule rule_dualis = {
    .name = "dualis",
    .version = 1,
    .title = "DualIS",
    .brief = "inverted softmax over two banks",
    .formula = "(beta_query + beta_gallery) S[q][j] - log sum_i exp(beta_query B[i][j]) - log sum_r exp(beta_gallery "
               "G[r][j])",
    .about = "The product of two inverted softmaxes, over the bank of queries and over a second bank of the gallery's "
             "own modality (G: its similarities to the items).  The second bank marks down items in crowded regions of "
             "the gallery; with a large beta_gallery it can hurt.",
    .source =
        "Wang et al. 2023, Balance act: mitigating hubness in cross-modal retrieval with query and gallery banks; "
        "beta_gallery as in DBSN's published evaluation",
    .parameters = {DUAL_PARAMETERS},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_GALLERY_BANK,
    .plan = dual_softmax_plan,
    .fit = fit_dualis,
};
