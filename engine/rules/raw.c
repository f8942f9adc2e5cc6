#include "engine/rules/rules.h"

#include <math.h>

static int fit_raw(const struct fit_input *input, struct fit *fit, struct error *error)
{
    (void)input;
    (void)error;
    fit->scale = rule_value(&fit->spec, "scale");
    return 0;
}

const struct rule rule_raw = {
    .name = "raw",
    .title = "raw",
    .brief = "the similarities as they are",
    .formula = "scale S[q][j]",
    .about = "The model's similarities, unchanged.  The scale changes no rank; it sets how sharp the retrieval "
             "probabilities "
             "are.",
    .source = "the model's own score",
    .parameters = {SCALE_PARAMETER},
    .parameter_count = 1,
    .needs = RULE_NEEDS_NOTHING,
    .fit = fit_raw,
};
