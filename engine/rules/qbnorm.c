#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <string.h>

int gate_plan(size_t k, const struct rule_spec *spec, const struct task *task, struct bank_plan *plan,
              struct error *error)
{
    const char *name = spec->rule->name;

    if (k > task_gallery(task))
        return error_set(error, ERROR_INPUT, "%s: k=%zu is more than the gallery's %zu items", name, k,
                         task_gallery(task));
    if (bank_want_active(plan, k))
        return error_set(error, ERROR_INPUT, "%s: more than %d different k at once", name, BANK_KS);
    return 0;
}

uint8_t *gate_fit(size_t k, const struct bank_stats *stats, struct error *error)
{
    uint8_t *active = memory_array(stats->m, sizeof *active);

    if (active)
        memcpy(active, bank_active(stats, k), stats->m * sizeof *active);
    else
        error_memory(error);
    return active;
}

static int plan_qbnorm(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan,
                       struct error *error)
{
    return gate_plan((size_t)rule_value(spec, "k"), spec, task, &plan->bank, error)
               ? -1
               : inverted_softmax_plan(rule_value(spec, "beta"), spec, &plan->bank, error);
}

static int fit_qbnorm(const struct fit_input *input, struct fit *fit, struct error *error)
{
    fit->active = gate_fit((size_t)rule_value(&fit->spec, "k"), input->stats, error);
    return fit->active ? inverted_softmax_fit(rule_value(&fit->spec, "beta"), input, fit, error) : -1;
}

const struct rule rule_qbnorm = {
    .name = "qbnorm",
    .title = "QB-Norm",
    .brief = "inverted softmax behind a gate",
    .formula =
        "beta S[q][j] - log sum_i exp(beta B[i][j]) if the raw top-1 is in the activation set, else beta S[q][j]",
    .about =
        "Inverted softmax behind a gate: it applies only to queries whose raw best item is among the top k of some "
        "bank query, so that a bank which does not fit does little harm.",
    .source = "Bogolin et al. 2022, Cross Modal Retrieval with Querybank Normalisation",
    .parameters = {{.name = "beta",
                    .meaning = "inverse temperature",
                    .value = 20,
                    .least = 1e-3,
                    .most = 1e5,
                    .logarithmic = true,
                    .step = 1.25},
                   {.name = "k",
                    .meaning = "top items of a bank query that open the gate",
                    .value = 1,
                    .least = 1,
                    .most = 1000,
                    .whole = true,
                    .step = 1}},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK,
    .plan = plan_qbnorm,
    .fit = fit_qbnorm,
    .explain = inverted_softmax_explain,
};
