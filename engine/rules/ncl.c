#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>

static int plan_ncl(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)task;
    bank_want_kept(&plan->bank);
    return inverted_softmax_plan(rule_value(spec, "scale"), spec, &plan->bank, error);
}

void bias_centre(double *bias, size_t m)
{
    double most = -INFINITY, sum = 0;

    for (size_t j = 0; j < m; j++)
        most = fmax(most, bias[j]);
    for (size_t j = 0; j < m; j++)
        sum += exp(bias[j] - most);
    for (size_t j = 0; j < m; j++)
        bias[j] -= most + log(sum);
}

int sinkhorn_fit(const struct sinkhorn_matrix *matrix, double *log_b, const struct fit_input *input, struct fit *fit,
                 struct error *error)
{
    size_t rows = matrix->b->rows, iterations = (size_t)rule_value(&fit->spec, "iterations");
    double *log_a = memory_array(rows, sizeof *log_a);

    if (!log_a)
        return error_memory(error);
    /* A residual over columns beside B would not be comparable with that of NCL. */
    double *residual = matrix->beside ? NULL : &fit->residual;
    int status = sinkhorn(matrix, fit->scale, iterations, log_b, log_a, residual, input->job, error);
    if (status == 0 && iterations && fit->n == rows)
        fit->row_bias = log_a;
    else
        free(log_a);
    return status;
}

/* Starts from the inverted softmax, which is the result of zero iterations. */
static int fit_ncl(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct matrix kept = matrix_view(input->stats->kept, fit->n, fit->m);
    const struct sims stored = {.rows = fit->n, .cols = fit->m, .stored = &kept};
    const struct sinkhorn_matrix matrix = {
        .b = kept.data ? &stored : &input->task->b, .codes = &input->stats->codes, .keep = input->memory};

    if (inverted_softmax_fit(rule_value(&fit->spec, "scale"), input, fit, error) ||
        sinkhorn_fit(&matrix, fit->bias, input, fit, error))
        return -1;
    bias_centre(fit->bias, fit->m);
    return 0;
}

const struct rule rule_ncl = {
    .name = "ncl",
    .version = 1,
    .title = "NCL",
    .brief = "a bias that evens out the bank's probability",
    .formula = "scale S[q][j] + b[j], b by Sinkhorn-Knopp on exp(scale B)",
    .about =
        "Finds the bias under which the bank's queries spread their retrieval probability evenly over the gallery: "
        "each iteration moves every item's mass towards its fair share.",
    .source = "Park et al. 2022, Normalized Contrastive Learning for text-video retrieval",
    .parameters = {SINKHORN_PARAMETERS(4)},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK,
    .iterates = true,
    .plan = plan_ncl,
    .fit = fit_ncl,
};
