#include "engine/fitting/fit.h"
#include "engine/rules/rules.h"

#include <math.h>

static int plan_nnn(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    (void)error;
    bank_want_column_top(&plan->bank, (size_t)rule_value(spec, "k"));
    return 0;
}

static int fit_nnn(const struct fit_input *input, struct fit *fit, struct error *error)
{
    fit->scale = rule_value(&fit->spec, "scale");
    return mean_top_fit(fit->scale * rule_value(&fit->spec, "alpha"), (size_t)rule_value(&fit->spec, "k"), input, fit,
                        error);
}

static void explain_nnn(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                        struct arithmetic *arithmetic)
{
    double alpha = rule_value(&fit->spec, "alpha");
    double less = -fit->bias[item] / fit->scale, average = -fit_mean_bias(fit) / fit->scale;

    (void)asker;

    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    struct term *term = arithmetic_add(arithmetic, TERM_MINUS, less, 3, "%.2g x r", alpha);
    if (alpha > 0)
        term_note(term, fabs(average / alpha) < 1 ? "r %.3f, mean %.3f" : "r %.3g, mean %.3g", less / alpha,
                  average / alpha);
    term->lift = (less < average) - (less > average);
    arithmetic_add(arithmetic, TERM_TIMES, fit->scale, 2, "scale %.4g", fit->scale);
}

const struct rule rule_nnn = {
    .name = "nnn",
    .title = "NNN",
    .brief = "S less the mean of its nearest bank queries",
    .formula = "scale (S[q][j] - alpha r[j]), r[j] the mean of the k largest B[.][j]",
    .about = "Nearest neighbour normalisation: subtracts alpha times the mean similarity of the item's k closest bank "
             "queries.  With alpha 1/2 and the same k it orders exactly as CSLS does.",
    .source = "Chowdhury et al. 2024, Nearest Neighbor Normalization improves multimodal retrieval",
    .parameters =
        {{.name = "alpha", .meaning = "share subtracted", .value = 0.75, .least = 0, .most = 10, .step = 0.05},
         {.name = "k",
          .meaning = "nearest bank queries averaged, at most the bank",
          .value = 128,
          .least = 1,
          .most = 4096,
          .whole = true,
          .logarithmic = true,
          .step = 2},
         SCALE_PARAMETER},
    .parameter_count = 3,
    .needs = RULE_NEEDS_BANK,
    .plan = plan_nnn,
    .fit = fit_nnn,
    .explain = explain_nnn,
};
