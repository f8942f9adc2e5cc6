#include "engine/base/memory.h"
#include "engine/kernels/kernels.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>

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

/* The second bank's share of the bias is not kept: its log-sum is computed again. */
static double second_log_sum(const struct fit *fit, const struct asker *asker, size_t item)
{
    size_t rows = asker->task->g.rows;
    float *column = memory_floats(rows);
    double sum = NAN;

    if (column) {
        sims_column(&asker->task->g, item, column);
        sum = kernel_lse(column, rows, (float)rule_value(&fit->spec, "beta_gallery"));
    }
    free(column);
    return sum;
}

void dual_softmax_explain(const struct fit *fit, const struct asker *asker, const float *s, size_t item, double second,
                          struct arithmetic *arithmetic)
{
    bool open[] = {!fit->active || fit->active[asker->top1], !fit->gallery_active || fit->gallery_active[asker->top1]};
    double beta[] = {rule_value(&fit->spec, "beta_query"), rule_value(&fit->spec, "beta_gallery")};
    double log_sum[] = {-fit->bias[item] - second, second};
    static const char *const labels[] = {"bank log-sum", "2nd log-sum"};
    const char *names[] = {asker->task->bank_name, asker->task->gallery_bank_name};

    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    term_note(arithmetic_add(arithmetic, TERM_TIMES, fit->scale, 2, "betas %.4g", fit->scale), "%.4g + %.4g", beta[0],
              beta[1]);
    for (int bank = 0; bank < 2; bank++) {
        struct term *term = arithmetic_add(arithmetic, TERM_MINUS, log_sum[bank], 2, "%s", labels[bank]);
        arithmetic_gate(arithmetic, term, open[bank]);
        if (!open[bank])
            term_note(term, "gate shut, left out");
        else
            term_note(term, fit->active ? "gate open" : "%.18s", names[bank]);
    }
}

static void explain_dualis(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                           struct arithmetic *arithmetic)
{
    dual_softmax_explain(fit, asker, s, item, second_log_sum(fit, asker, item), arithmetic);
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
    .explain = explain_dualis,
};
