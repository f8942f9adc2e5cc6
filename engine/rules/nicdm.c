#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_DISTANCE 1e-6

static int plan_nicdm(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    (void)error;
    bank_want_column_top(&plan->bank, (size_t)rule_value(spec, "k"));
    return 0;
}

static double distance(float similarity)
{
    return similarity < 1 ? 1 - (double)similarity : 0;
}

/* Keeps 1 / sqrt(r[j]) (M) in fit->own. */
static int fit_nicdm(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct bank_stats *stats = input->stats;
    size_t k = (size_t)rule_value(&fit->spec, "k");
    double *weight = fit->own = memory_array(fit->m, sizeof *weight);

    fit->scale = 1;
    if (!weight)
        return error_memory(error);
    k = k < stats->column_k ? k : stats->column_k;
    for (size_t j = 0; j < fit->m; j++) {
        const float *top = stats->column_top + j * stats->column_k;
        double sum = 0;
        for (size_t i = 0; i < k; i++)
            sum += distance(top[i]);
        weight[j] = 1 / sqrt(fmax(sum / (double)k, LEAST_DISTANCE));
    }
    return 0;
}

/* Leaves out the query's own mean distance: it is the same for the whole list and changes no rank. */
static int score_nicdm(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    const double *weight = fit->own;

    (void)asker;
    for (size_t j = 0; j < fit->m; j++)
        score[j] = (float)-(distance(s[j]) * weight[j]);
    return 0;
}

static void explain_nicdm(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                          struct arithmetic *arithmetic)
{
    const double *weight = fit->own;
    size_t k = (size_t)rule_value(&fit->spec, "k"), near = k < fit->m ? k : fit->m;
    double query = fmax(1 - mean_of_largest(s, fit->m, near), LEAST_DISTANCE);
    double own = 1 / (weight[item] * weight[item]);

    arithmetic_add(arithmetic, TERM_FACT, (double)s[item], 3, "similarity");
    term_note(arithmetic_add(arithmetic, TERM_START, -distance(s[item]), 3, "similarity - 1"), "minus the distance");
    term_note(arithmetic_add(arithmetic, TERM_OVER, sqrt(query), 3, "root of r_q"), "r_q %.3f query", query);
    struct term *term = arithmetic_add(arithmetic, TERM_OVER, 1 / weight[item], 3, "root of r_j");
    term_note(term, "r_j %.3f %s", own, item_name(asker));
}

const struct rule rule_nicdm = {
    .name = "nicdm",
    .title = "NICDM",
    .brief = "distance relative to the nearest bank queries",
    .formula = "-(1 - S[q][j]) / sqrt(r[q] r[j]), r[j] the mean of the k smallest 1 - B[.][j], r[q] of 1 - S[q][.]",
    .about =
        "Local scaling: a distance counts relative to how far the item's nearest bank queries are, so that an item "
        "which is close to everything must be closer still.  r[q] is the same for the whole list.  An order without "
        "probabilities, so no mass.",
    .source = "Schnitzer et al. 2012, Local and global scaling reduce hubs in space (NICDM, after Jegou et al. 2007)",
    .parameters = {{.name = "k",
                    .meaning = "nearest bank queries averaged, at most the bank",
                    .value = 10,
                    .least = 1,
                    .most = 4096,
                    .whole = true,
                    .step = 1}},
    .parameter_count = 1,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_COSINES,
    .order_only = true,
    .plan = plan_nicdm,
    .fit = fit_nicdm,
    .score = score_nicdm,
    .close = free,
    .explain = explain_nicdm,
};
