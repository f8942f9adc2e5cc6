#include "engine/fitting/explain.h"

/* scale S + bias.  The bias is shown less its mean over the gallery: only differences between items matter. */
static void explain_bias(const struct fit *fit, bool open, double similarity, size_t item,
                         struct arithmetic *arithmetic)
{
    arithmetic_add(arithmetic, TERM_START, similarity, 3, "similarity");
    arithmetic_add(arithmetic, TERM_TIMES, fit->scale, 2, "scale %.4g", fit->scale);
    if (!fit->bias)
        return;
    double bias = fit->bias[item] - fit_mean_bias(fit);
    struct term *term = arithmetic_add(arithmetic, TERM_PLUS, bias, 2, "bias");
    term->lift = (bias > 0) - (bias < 0);
    arithmetic_gate(arithmetic, term, open);
    term_note(term, open ? "0 is average" : "gate shut, left out");
}

void fit_explain(const struct fit *fit, const struct asker *asker, const float *s, const float *score, size_t item,
                 struct arithmetic *arithmetic)
{
    const struct rule *rule = fit->spec.rule;
    struct term *term;

    *arithmetic = (struct arithmetic){0};
    if (rule->explain)
        rule->explain(fit, asker, s, item, arithmetic);
    else if (!rule->score)
        explain_bias(fit, fit_open(fit, asker->top1), (double)s[item], item, arithmetic);
    if (!arithmetic->count) {
        arithmetic_add(arithmetic, TERM_FACT, (double)s[item], 3, "similarity");
        term = arithmetic_add(arithmetic, TERM_START, (double)score[item], 3, "score");
        term_note(term, "its steps are not shown");
    }
    arithmetic_add(arithmetic, TERM_EQUALS, arithmetic_total(arithmetic), rule->order_only ? 3 : 2,
                   rule->order_only ? "score" : "logit");
}
