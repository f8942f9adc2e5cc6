#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/fitting/fit.h"
#include "engine/matrices/topk.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>

int mean_top_fit(double weight, size_t k, const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct bank_stats *stats = input->stats;

    k = k < stats->column_k ? k : stats->column_k;
    fit->pull_top = k;
    fit->bias = memory_array(fit->m, sizeof *fit->bias);
    if (!fit->bias)
        return error_memory(error);
    for (size_t j = 0; j < fit->m; j++) {
        const float *top = stats->column_top + j * stats->column_k;
        double sum = 0;
        for (size_t i = 0; i < k; i++)
            sum += (double)top[i];
        fit->bias[j] = -weight * sum / (double)k;
    }
    return 0;
}

double mean_of_largest(const float *x, size_t m, size_t k)
{
    float *value = memory_floats(k);
    uint32_t *item = memory_array(k, sizeof *item);
    double sum = NAN;

    if (value && item) {
        struct topk top = topk_make(value, item, k);
        topk_add(&top, x, m, 0);
        sum = 0;
        for (size_t i = 0; i < k; i++)
            sum += (double)value[i];
    }
    free(value);
    free(item);
    return sum / (double)k;
}

static int plan_csls(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    (void)error;
    bank_want_column_top(&plan->bank, (size_t)rule_value(spec, "k"));
    return 0;
}

/* The mean over the query's own neighbours is the same for every item of its list: it cancels. */
static int fit_csls(const struct fit_input *input, struct fit *fit, struct error *error)
{
    fit->scale = rule_value(&fit->spec, "scale");
    return mean_top_fit(fit->scale / 2, (size_t)rule_value(&fit->spec, "k"), input, fit, error);
}

static void explain_csls(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                         struct arithmetic *arithmetic)
{
    double half = fit->scale / 2, mean = -fit->bias[item] / half, average = -fit_mean_bias(fit) / half;
    size_t k = (size_t)rule_value(&fit->spec, "k"), near = k < fit->m ? k : fit->m;

    arithmetic_add(arithmetic, TERM_START, (double)s[item], 3, "similarity");
    arithmetic_add(arithmetic, TERM_TIMES, 2, 3, "2");
    struct term *term = arithmetic_add(arithmetic, TERM_MINUS, mean_of_largest(s, fit->m, near), 3, "r of query");
    term_note(term, "%zu nearest %s", near, asker->task->direction == T2V ? item_text("videos") : "captions");
    term = arithmetic_add(arithmetic, TERM_MINUS, mean, 3, "r of %s", item_name(asker));
    term_note(term, "average %.3f", average);
    term->lift = (mean < average) - (mean > average);
    arithmetic_add(arithmetic, TERM_TIMES, half, 2, "scale/2 %.4g", half);
}

const struct rule rule_csls = {
    .name = "csls",
    .title = "CSLS",
    .brief = "S less the density on both sides",
    .formula =
        "scale/2 (2 S[q][j] - r[q] - r[j]), r[j] the mean of the k largest B[.][j], r[q] of the k largest S[q][.]",
    .about = "Similarity minus the local density on both sides: an item whose closest bank queries are very close is "
             "marked down.  r[q] is the same for the whole list, so it changes no rank and no probability.",
    .source = "Conneau et al. 2018, Word translation without parallel data",
    .parameters = {{.name = "k",
                    .meaning = "nearest bank queries averaged, at most the bank",
                    .value = 10,
                    .least = 1,
                    .most = 4096,
                    .whole = true,
                    .step = 1},
                   SCALE_PARAMETER},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK,
    .plan = plan_csls,
    .fit = fit_csls,
    .explain = explain_csls,
};
