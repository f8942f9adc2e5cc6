#include "engine/rules/rules.h"

static int plan_dualdis(const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
                        struct error *error)
{
    return gate_plan(1, spec, task, plan, error) ? -1 : dual_softmax_plan(spec, task, plan, error);
}

static int fit_dualdis(const struct fit_input *input, struct fit *fit, struct error *error)
{
    return gate_fit(1, input, fit, error) ? -1 : dual_softmax_fit(input, fit, error);
}

const struct rule rule_dualdis = {
    .name = "dualdis",
    .title = "DualDIS",
    .brief = "inverted softmax over two banks, behind a gate",
    .formula = "as DualIS if the raw top-1 is some bank query's top-1, else (beta_query + beta_gallery) S[q][j]",
    .about = "DualIS behind QB-Norm's gate: it applies only to queries whose raw best item is also the best of some bank "
             "query, so that a bank which does not fit does little harm.",
    .source = "Wang et al. 2023, Balance act: mitigating hubness in cross-modal retrieval with query and gallery banks",
    .parameters = {DUAL_PARAMETERS},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_GALLERY_BANK,
    .plan = plan_dualdis,
    .fit = fit_dualdis,
};
