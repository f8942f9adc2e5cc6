#include "engine/rules/rules.h"
#include "engine/base/memory.h"
#include "engine/fitting/sinkhorn.h"

#include <math.h>

static int plan_ncl(const struct rule_spec *spec, const struct task *task, struct bank_plan *plan, struct error *error)
{
    (void)task;
    bank_want_kept(plan);
    return inverted_softmax_plan(rule_value(spec, "scale"), spec, plan, error);
}

/* Shifts the bias so that its log-sum-exp is 0; that moves no rank. */
static void centre(double *bias, size_t m)
{
    double most = -INFINITY, sum = 0;

    for (size_t j = 0; j < m; j++)
        most = fmax(most, bias[j]);
    for (size_t j = 0; j < m; j++)
        sum += exp(bias[j] - most);
    for (size_t j = 0; j < m; j++)
        bias[j] -= most + log(sum);
}

/* The inverted softmax is the zeroth iterate. */
static int fit_ncl(const struct fit_input *input, struct fit *fit, struct error *error)
{
    double scale = rule_value(&fit->spec, "scale");
    size_t iterations = (size_t)rule_value(&fit->spec, "iterations");

    if (inverted_softmax_fit(scale, input, fit, error))
        return -1;
    if (iterations && !(fit->row_bias = memory_array(fit->n, sizeof *fit->row_bias)))
        return error_memory(error);
    const struct sims *b = &input->task->b;
    const struct matrix kept = matrix_view(input->stats->kept, fit->n, fit->m);
    const struct sims stored = {.rows = fit->n, .cols = fit->m, .stored = &kept};
    if (sinkhorn(kept.data ? &stored : b, scale, iterations, fit->bias, fit->row_bias, &fit->residual, input->job,
                 error))
        return -1;
    centre(fit->bias, fit->m);
    return 0;
}

const struct rule rule_ncl = {
    .name = "ncl",
    .title = "NCL",
    .brief = "a bias that evens out the bank's probability",
    .formula = "scale S[q][j] + b[j], b by Sinkhorn-Knopp on exp(scale B)",
    .about = "Finds the bias under which the bank's queries spread their retrieval probability evenly over the gallery: "
             "each iteration moves every item's mass towards its fair share.",
    .source = "Park et al. 2022, Normalized Contrastive Learning for text-video retrieval",
    .parameters = {{.name = "scale", .meaning = "logit scale", .value = NAN, .least = 1e-3, .most = 1e5,
                    .logarithmic = true, .step = 1.25},
                   {.name = "iterations", .meaning = "Sinkhorn iterations", .value = 4, .least = 0, .most = 1000,
                    .whole = true, .step = 1}},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK,
    .plan = plan_ncl,
    .fit = fit_ncl,
};
