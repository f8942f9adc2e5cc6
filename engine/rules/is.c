#include "engine/base/memory.h"
#include "engine/fitting/fit.h"
#include "engine/rules/rules.h"

int inverted_softmax_plan(double beta, const struct rule_spec *spec, struct bank_plan *plan, struct error *error)
{
    if (bank_want_lse(plan, beta))
        return error_set(error, ERROR_INPUT, "%s: more than %d different inverse temperatures at once",
                         spec->rule->name, BANK_BETAS);
    return 0;
}

int inverted_softmax_fit(double beta, const struct fit_input *input, struct fit *fit, struct error *error)
{
    const double *lse = bank_lse(input->stats, beta);

    fit->scale = fit->pull_scale = beta;
    fit->bias = memory_array(fit->m, sizeof *fit->bias);
    if (!fit->bias)
        return error_memory(error);
    for (size_t j = 0; j < fit->m; j++)
        fit->bias[j] = -lse[j];
    return 0;
}

void inverted_softmax_explain(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                              struct arithmetic *arithmetic)
{
    double lse = -fit->bias[item], average = -fit_mean_bias(fit);
    bool open = fit_open(fit, asker->top1);

    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    arithmetic_add(arithmetic, TERM_TIMES, fit->scale, 2, "beta %.4g", fit->scale);
    struct term *term = arithmetic_add(arithmetic, TERM_MINUS, lse, 2, "bank log-sum");
    term->lift = (lse < average) - (lse > average);
    arithmetic_gate(arithmetic, term, open);
    if (open)
        term_note(term, "average %.2f", average);
    else
        term_note(term, "gate shut, left out");
}

static int plan_is(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    return inverted_softmax_plan(rule_value(spec, "beta"), spec, &plan->bank, error);
}

static int fit_is(const struct fit_input *input, struct fit *fit, struct error *error)
{
    return inverted_softmax_fit(rule_value(&fit->spec, "beta"), input, fit, error);
}

const struct rule rule_is = {
    .name = "is",
    .title = "IS",
    .brief = "inverted softmax over the bank",
    .formula = "beta S[q][j] - log sum_i exp(beta B[i][j])",
    .about = "Inverted softmax: an item that many bank queries find similar is marked down, for every query.",
    .source = "Smith et al. 2017, Offline bilingual word vectors, orthogonal transformations and the inverted softmax",
    .parameters = {{.name = "beta",
                    .meaning = "inverse temperature",
                    .value = 20,
                    .least = 1e-3,
                    .most = 1e5,
                    .logarithmic = true,
                    .step = 1.25}},
    .parameter_count = 1,
    .needs = RULE_NEEDS_BANK,
    .plan = plan_is,
    .fit = fit_is,
    .explain = inverted_softmax_explain,
};
