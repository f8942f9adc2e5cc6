#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>

/* NCL's fit with S in place of B: no bank query pulls an item, so no row weights are kept. */
static int fit_sinkhorn(const struct fit_input *input, struct fit *fit, struct error *error)
{
    double scale = rule_value(&fit->spec, "scale");

    fit->scale = scale;
    if (!(fit->bias = memory_array(fit->m, sizeof *fit->bias)))
        return error_memory(error);
    if (query_lse(input, scale, fit->bias, error))
        return -1;
    for (size_t j = 0; j < fit->m; j++)
        fit->bias[j] = -fit->bias[j];
    const struct sinkhorn_matrix matrix = {.b = &input->task->s, .keep = input->memory};
    if (sinkhorn_fit(&matrix, fit->bias, input, fit, error))
        return -1;
    bias_centre(fit->bias, fit->m);
    return 0;
}

const struct rule rule_sinkhorn = {
    .name = "sinkhorn",
    .title = "Sinkhorn*",
    .label = "transductive",
    .brief = "NCL fitted to the evaluation queries themselves",
    .formula = "scale S[q][j] + b[j], b by Sinkhorn-Knopp on exp(scale S) of the evaluation queries",
    .about =
        "Transductive: NCL with the evaluation queries themselves in place of the bank, the upper bound of what a bank "
        "could give.  A search engine does not have them all; a typed query uses their bias.",
    .source = "Cuturi 2013, Sinkhorn distances: lightspeed computation of optimal transport",
    .parameters = {SINKHORN_PARAMETERS(4)},
    .parameter_count = 2,
    .needs = RULE_NEEDS_ALL_QUERIES,
    .iterates = true,
    .fit = fit_sinkhorn,
};
