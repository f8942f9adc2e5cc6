#include "engine/base/memory.h"
#include "engine/kernels/kernels.h"
#include "engine/rules/rules.h"

#include <string.h>

static size_t top_of(const struct rule_spec *spec)
{
    return (size_t)rule_value(spec, "k");
}

static int plan_dualdis(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan,
                        struct error *error)
{
    return gate_plan(top_of(spec), spec, task, &plan->bank, error) ||
                   gate_plan(top_of(spec), spec, task, &plan->gallery, error)
               ? -1
               : dual_softmax_plan(spec, task, plan, error);
}

static int fit_dualdis(const struct fit_input *input, struct fit *fit, struct error *error)
{
    fit->active = gate_fit(top_of(&fit->spec), input->stats, error);
    fit->gallery_active = fit->active ? gate_fit(top_of(&fit->spec), input->gallery_stats, error) : NULL;
    if (!fit->gallery_active)
        return -1;
    if (!(fit->gallery_bias = memory_array(fit->m, sizeof *fit->gallery_bias)))
        return error_memory(error);
    return dual_softmax_fit(input, fit, fit->gallery_bias, error);
}

/* In similarity units; a factor whose gate is shut contributes its plain beta S, which is part of the scale. */
static int score_dualdis(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    bool bank = fit->active[asker->top1], gallery = fit->gallery_active[asker->top1];
    const float *shift = bank && gallery ? fit->shift : bank ? fit->bank_shift : gallery ? fit->gallery_shift : NULL;

    if (shift)
        kernel_add(s, shift, score, fit->m);
    else
        memcpy(score, s, fit->m * sizeof *score);
    return 0;
}

static void explain_dualdis(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                            struct arithmetic *arithmetic)
{
    dual_softmax_explain(fit, asker, s, item, -fit->gallery_bias[item], arithmetic);
}

const struct rule rule_dualdis = {
    .name = "dualdis",
    .version = 1,
    .title = "DualDIS",
    .brief = "inverted softmax over two banks, both gated",
    .formula = "as DualIS, each bank's term only if the raw top-1 is in that bank's activation set",
    .about = "DualIS with QB-Norm's gate for each bank: a bank's term counts only for queries whose raw best item is "
             "also among the top k of some row of that bank, so that a bank which does not fit does little harm.",
    .source =
        "Wang et al. 2023, Balance act: mitigating hubness in cross-modal retrieval with query and gallery banks; "
        "beta_gallery as in DBSN's published evaluation",
    .parameters = {DUAL_PARAMETERS,
                   {.name = "k",
                    .meaning = "top items of a bank's row that open its gate",
                    .value = 1,
                    .least = 1,
                    .most = 1000,
                    .whole = true,
                    .step = 1}},
    .parameter_count = 3,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_GALLERY_BANK,
    .plan = plan_dualdis,
    .fit = fit_dualdis,
    .score = score_dualdis,
    .explain = explain_dualdis,
};
