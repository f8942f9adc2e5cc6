#include "engine/base/memory.h"
#include "engine/rules/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct moments {
    double *mean, *deviation; /* (M) of each item's similarities to the bank */
};

static void close_mp(void *own)
{
    struct moments *moments = own;

    if (moments) {
        free(moments->mean);
        free(moments->deviation);
    }
    free(moments);
}

static int plan_mp(const struct rule_spec *spec, const struct task *task, struct fit_plan *plan, struct error *error)
{
    (void)spec;
    (void)task;
    (void)error;
    bank_want_moments(&plan->bank);
    return 0;
}

static int fit_mp(const struct fit_input *input, struct fit *fit, struct error *error)
{
    struct moments *moments = fit->own = memory_array(1, sizeof *moments);
    size_t size = fit->m * sizeof(double);

    fit->scale = 1;
    if (!moments || !(moments->mean = memory_array(fit->m, sizeof(double))) ||
        !(moments->deviation = memory_array(fit->m, sizeof(double))))
        return error_memory(error);
    memcpy(moments->mean, input->stats->mean, size);
    memcpy(moments->deviation, input->stats->deviation, size);
    return 0;
}

/* log Phi of the standardised similarity; 0 for a Gaussian without spread. */
static double log_phi(double s, double mean, double deviation)
{
    if (deviation == 0)
        return 0;
    return log(fmax(0.5 * erfc((mean - s) / deviation * M_SQRT1_2), 1e-300));
}

/* Mean and standard deviation of one query's similarities to the gallery. */
static void measure(const float *s, size_t m, double *mean, double *deviation)
{
    double sum = 0, square = 0;

    for (size_t j = 0; j < m; j++)
        sum += (double)s[j];
    *mean = sum / (double)m;
    for (size_t j = 0; j < m; j++)
        square += ((double)s[j] - *mean) * ((double)s[j] - *mean);
    *deviation = sqrt(square / (double)m);
}

static int score_mp(const struct fit *fit, const struct asker *asker, const float *s, float *score)
{
    const struct moments *moments = fit->own;
    double mean, deviation;

    (void)asker;
    measure(s, fit->m, &mean, &deviation);
    for (size_t j = 0; j < fit->m; j++)
        score[j] = (float)(log_phi((double)s[j], mean, deviation) +
                           log_phi((double)s[j], moments->mean[j], moments->deviation[j]));
    return 0;
}

static void explain_mp(const struct fit *fit, const struct asker *asker, const float *s, size_t item,
                       struct arithmetic *arithmetic)
{
    const struct moments *moments = fit->own;
    const char *name[] = {"query", item_name(asker)};
    double mean[2] = {0, moments->mean[item]}, deviation[2] = {0, moments->deviation[item]};

    measure(s, fit->m, &mean[0], &deviation[0]);
    arithmetic_add(arithmetic, TERM_FACT, (double)s[item], 3, "similarity");
    for (int side = 0; side < 2; side++) {
        double z = deviation[side] > 0 ? ((double)s[item] - mean[side]) / deviation[side] : INFINITY;
        term_note(arithmetic_add(arithmetic, TERM_FACT, z, 2, "z of %s", name[side]),
                  deviation[side] < 1 ? "mean %.3f sd %.3f" : "mean %.3g sd %.3g", mean[side], deviation[side]);
    }
    for (int side = 0; side < 2; side++) {
        double chance = log_phi((double)s[item], mean[side], deviation[side]);
        struct term *term =
            arithmetic_add(arithmetic, side ? TERM_PLUS : TERM_START, chance, 3, "log Phi %s", name[side]);
        term_note(term, "Phi %.1f %%", 100 * exp(chance));
    }
}

const struct rule rule_mp = {
    .name = "mp",
    .title = "MP",
    .brief = "how likely both find each other close",
    .formula = "log Phi((S[q][j] - mean_q) / sd_q) + log Phi((S[q][j] - mean_j) / sd_j)",
    .about =
        "Mutual proximity: how likely it is that query and item are close to each other, each judged against its own "
        "distribution of similarities (the query's over the gallery, the item's over the bank), as independent "
        "Gaussians.  An order without probabilities, so no mass.",
    .source = "Schnitzer et al. 2012, Local and global scaling reduce hubs in space",
    .needs = RULE_NEEDS_BANK,
    .order_only = true,
    .plan = plan_mp,
    .fit = fit_mp,
    .score = score_mp,
    .close = close_mp,
    .explain = explain_mp,
};
