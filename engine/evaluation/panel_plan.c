#include "engine/evaluation/panel_plan.h"

#include "engine/base/memory.h"
#include "engine/fitting/rule.h"
#include "engine/kernels/kernel_set.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WEIGHT_LEAST 1e-37 /* still a normal float; smaller weights become 0 */

static int by_value(const void *a, const void *b)
{
    float left = ((const struct panel_scale *)a)->value, right = ((const struct panel_scale *)b)->value;

    return (left > right) - (left < right);
}

/* Whether a rule's mass comes from the exponentials of the similarities alone. */
static bool shares(const struct panel_result *result)
{
    return result->mass && !result->fit->spec.rule->score;
}

/* Collects the distinct scales that mass needs, and finds those that are multiples of another.  -1 when out of
 * memory. */
static int plan_scales(struct panel_plan *plan)
{
    plan->scale_of = memory_array(plan->rules, sizeof *plan->scale_of);
    plan->scale = memory_array(plan->rules, sizeof *plan->scale);
    if (!plan->scale_of || !plan->scale)
        return -1;
    for (size_t r = 0; r < plan->rules; r++)
        if (shares(&plan->result[r]))
            plan->scale[plan->scales++].value = (float)plan->result[r].fit->scale;
    qsort(plan->scale, plan->scales, sizeof *plan->scale, by_value);
    size_t kept = 0;
    for (size_t c = 0; c < plan->scales; c++)
        if (c == 0 || plan->scale[c].value > plan->scale[kept - 1].value)
            plan->scale[kept++] = plan->scale[c];
    plan->scales = kept;
    for (size_t c = 0; c < plan->scales; c++) {
        struct panel_scale *scale = &plan->scale[c];
        scale->base = c;
        scale->power = 1;
        for (size_t base = 0; base < c && scale->power == 1; base++) {
            if (plan->scale[base].power > 1)
                continue; /* errors would add up */
            for (unsigned power = 2; power <= KERNEL_POWER_MOST; power++)
                if (plan->scale[base].value * (float)power == scale->value) {
                    scale->base = base;
                    scale->power = power;
                }
        }
    }
    for (size_t r = 0; r < plan->rules; r++) {
        plan->scale_of[r] = PANEL_NO_SCALE;
        for (size_t c = 0; c < plan->scales; c++)
            if (shares(&plan->result[r]) && plan->scale[c].value == (float)plan->result[r].fit->scale)
                plan->scale_of[r] = c;
    }
    return 0;
}

/* Fills in a rule's shifts and weights. */
static void fill_terms(struct panel_plan *plan, size_t rule)
{
    const struct fit *fit = plan->result[rule].fit;
    bool weighed = plan->scale_of[rule] != PANEL_NO_SCALE;

    for (size_t j = 0; j < fit->m; j++) {
        size_t tile = j / PANEL_TILE, at = j % PANEL_TILE;
        double exact = weighed ? exp(fit->scale * (double)fit->shift[j]) : 0;
        panel_term(plan, tile, PANEL_SHIFT, rule)[at] = fit->shift[j];
        panel_term(plan, tile, PANEL_WEIGHT, rule)[at] = exact < WEIGHT_LEAST ? 0 : (float)exact;
    }
}

int panel_plan_open(struct panel_plan *plan)
{
    size_t m = task_gallery(plan->task);
    int exponent;

    frexp((double)task_queries(plan->task), &exponent); /* Q < 2^exponent: sums need all 53 digits below that */
    plan->anchor = ldexp(1.5, exponent - 1);
    plan->shift = memory_array(plan->rules, sizeof *plan->shift);
    plan->terms = memory_floats(tiles_ceil(m, PANEL_TILE) * 2 * plan->rules * PANEL_TILE);
    if (!plan->shift || !plan->terms || plan_scales(plan))
        return -1;
    for (size_t r = 0; r < plan->rules; r++) {
        const struct fit *fit = plan->result[r].fit;
        plan->gated = plan->gated || fit->active;
        plan->precision = plan->precision || plan->result[r].precision;
        plan->shift[r] = fit->shift;
        for (size_t other = 0; other < r && plan->shift[r]; other++)
            if (plan->shift[other] && memcmp(plan->shift[other], plan->shift[r], m * sizeof(float)) == 0)
                plan->shift[r] = plan->shift[other];
        if (plan->shift[r])
            fill_terms(plan, r);
    }
    return 0;
}

void panel_plan_close(struct panel_plan *plan)
{
    free(plan->terms);
    free(plan->shift);
    free(plan->scale_of);
    free(plan->scale);
}
