#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Starts from no bias, balances the gallery and the second bank together and keeps the gallery's part of the bias. */
static int fit_dbsn(const struct fit_input *input, struct fit *fit, struct error *error)
{
    const struct sims beside = task_bank_gallery(input->task);
    const struct sinkhorn_matrix matrix = {.b = &input->task->b, .beside = &beside, .keep = input->memory};
    double *all = memory_array(fit->m + beside.cols, sizeof *all);
    int status = -1;

    fit->scale = fit->pull_scale = rule_value(&fit->spec, "scale");
    fit->bias = memory_array(fit->m, sizeof *fit->bias);
    if (!all || !fit->bias) {
        error_memory(error);
    } else if ((status = sinkhorn_fit(&matrix, all, input, fit, error)) == 0) {
        memcpy(fit->bias, all, fit->m * sizeof *fit->bias);
        bias_centre(fit->bias, fit->m);
    }
    free(all);
    return status;
}

const struct rule rule_dbsn = {
    .name = "dbsn",
    .title = "DBSN",
    .brief = "NCL with a second bank beside the gallery",
    .formula = "scale S[q][j] + b[j], b by Sinkhorn-Knopp on exp(scale [B, R]), R the bank against the second bank",
    .about =
        "Dual bank Sinkhorn normalisation: NCL's balancing with a second bank of the gallery's own modality beside the "
        "gallery, so that bank queries may also spend their probability on items outside it.",
    .source = "Dual bank Sinkhorn normalisation, ACM MM 2025, arXiv 2508.02538",
    .parameters = {SINKHORN_PARAMETERS(10)},
    .parameter_count = 2,
    .needs = RULE_NEEDS_BANK | RULE_NEEDS_BANK_GALLERY,
    .iterates = true,
    .fit = fit_dbsn,
};
