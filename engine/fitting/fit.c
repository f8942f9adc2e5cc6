#include "engine/fitting/fit.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/collection/collection_model.h"
#include "engine/fitting/fit_blob.h"
#include "engine/fitting/fit_cache.h"
#include "engine/kernels/kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fit *fit_keep(struct fit *fit)
{
    atomic_fetch_add(&fit->references, 1);
    return fit;
}

void fit_release(struct fit *fit)
{
    if (!fit || atomic_fetch_sub(&fit->references, 1) != 1)
        return;
    free(fit->bias);
    free(fit->shift);
    free(fit->gallery_bias);
    free(fit->bank_shift);
    free(fit->gallery_shift);
    free(fit->active);
    free(fit->gallery_active);
    free(fit->row_bias);
    if (fit->spec.rule->close)
        fit->spec.rule->close(fit->own);
    free(fit);
}

static struct fit *fit_new(const struct task *task, const struct rule_spec *spec)
{
    struct fit *fit = memory_array(1, sizeof *fit);

    if (!fit)
        return NULL;
    atomic_init(&fit->references, 1);
    fit->spec = *spec;
    fit->m = task_gallery(task);
    fit->residual = NAN;
    if (task->model)
        snprintf(fit->model, sizeof fit->model, "%s", task->model->name);
    if (spec->rule->needs & RULE_NEEDS_BANK) {
        fit->n = task_bank(task);
        struct bank_subset subset = task->bank_subset;
        snprintf(subset.name, sizeof subset.name, "%s", task->bank_name);
        bank_name_print(&subset, fit->bank, sizeof fit->bank);
    }
    return fit;
}

static size_t chosen_memory;

void fit_set_memory(size_t bytes)
{
    chosen_memory = bytes;
}

size_t fit_memory(void)
{
    if (chosen_memory)
        return chosen_memory;
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

    return pages > 0 && size > 0 ? (size_t)pages / 4 * (size_t)size : (size_t)1 << 30;
}

/* A bias in similarity units, so that ordering takes one addition per float and no scale.  `less` (M), unless null, is
 * subtracted from it. */
static float *shift_of(const struct fit *fit, const double *bias, const double *less)
{
    float *shift = memory_floats(fit->m);
    double most = -INFINITY;

    for (size_t j = 0; shift && j < fit->m; j++)
        most = fmax(most, bias[j] - (less ? less[j] : 0));
    for (size_t j = 0; shift && j < fit->m; j++)
        shift[j] = (float)((bias[j] - (less ? less[j] : 0) - most) / fit->scale);
    return shift;
}

static int set_shift(struct fit *fit, struct error *error)
{
    if (!fit->bias)
        return 0;
    fit->shift = shift_of(fit, fit->bias, NULL);
    if (fit->gallery_bias) {
        fit->bank_shift = shift_of(fit, fit->bias, fit->gallery_bias);
        fit->gallery_shift = shift_of(fit, fit->gallery_bias, NULL);
    }
    bool made = fit->shift && (!fit->gallery_bias || (fit->bank_shift && fit->gallery_shift));
    return made ? 0 : error_memory(error);
}

/* Whether fits are worth caching (they take a pass over the bank) and can be (bias and gates are all they hold). */
static bool is_cached(const struct rule *rule)
{
    return rule->plan && !rule->close;
}

/* Refuses rules that cannot be fitted, loads cached fits and plans the rest; ready[i] marks the loaded ones. */
static int prepare(const struct task *task, size_t count, bool cache, struct fit **fits, bool *ready,
                   struct fit_plan *plan, struct error *error)
{
    if (task_gallery(task) == 0)
        return error_set(error, ERROR_INPUT, "the gallery is empty: nothing to rank");
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = fits[i]->spec.rule;
        const char *why = rule_unavailable(rule, task);
        struct fit_plan wanted = *plan;
        if (why)
            return error_set(error, ERROR_INPUT, "%s: %s%s%s", rule->name, why, *task->bank_name ? ": " : "",
                             task->bank_name);
        if (rule->plan && rule->plan(&fits[i]->spec, task, &wanted, error))
            return -1;
        ready[i] = cache && is_cached(rule) && fit_cache_load(task, fits[i]);
        if (!ready[i])
            *plan = wanted;
    }
    return 0;
}

/* Whether some fit is made from similarities. */
static bool needs_similarities(size_t count, struct fit *const *fits, const bool *ready)
{
    for (size_t i = 0; i < count; i++)
        if (!ready[i] && fits[i]->spec.rule->needs != RULE_NEEDS_NOTHING)
            return true;
    return false;
}

/* Fits the rules that have a plan, or those that do not. */
static int fit_each(const struct fit_input *input, size_t count, bool planned, bool cache, struct fit **fits,
                    const bool *ready, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = fits[i]->spec.rule;
        if (!rule->plan == planned)
            continue;
        if (!ready[i]) {
            if (rule->fit(input, fits[i], error))
                return -1;
            if (cache && is_cached(rule))
                fit_cache_store(input->task, fits[i]);
        }
        if (set_shift(fits[i], error))
            return -1;
    }
    return 0;
}

int fit_rules(const struct task *task, const struct rule_spec *specs, size_t count, const struct fit_options *options,
              struct fit **fits, struct job *job, struct error *error)
{
    struct fit_plan plan = {0};
    struct bank_stats stats = {0}, gallery_stats = {0};
    bool cache = !(options && options->no_cache) && !crew_divided(), *ready = memory_array(count, sizeof *ready);
    struct fit_input input = {.task = task,
                              .stats = &stats,
                              .gallery_stats = &gallery_stats,
                              .job = job,
                              .memory = options && options->memory ? options->memory : fit_memory()};
    size_t made = 0;

    for (; ready && made < count; made++)
        if (!(fits[made] = fit_new(task, &specs[made])))
            break;
    if (!ready || made < count) {
        error_memory(error);
        goto fail;
    }
    if (prepare(task, count, cache, fits, ready, &plan, error) ||
        (needs_similarities(count, fits, ready) && task_check(task, job, error)))
        goto fail;
    if (plan.bank.keep > input.memory)
        plan.bank.keep = input.memory;
    if (!bank_plan_empty(&plan.bank) && bank_measure(&task->b, &plan.bank, &stats, job, error))
        goto fail;
    if (!bank_plan_empty(&plan.gallery) && bank_measure(&task->g, &plan.gallery, &gallery_stats, job, error))
        goto fail;
    if (!crew_shares() && fit_each(&input, count, true, cache, fits, ready, error)) /* else statistics are incomplete */
        goto fail;
    bank_stats_close(&gallery_stats);
    bank_stats_close(&stats); /* leaves the whole budget to the rules that keep similarities of their own */
    if (!crew_shares() && fit_each(&input, count, false, cache, fits, ready, error))
        goto fail;
    free(ready);
    return 0;
fail:
    for (size_t i = 0; i < made; i++) {
        fit_release(fits[i]);
        fits[i] = NULL;
    }
    bank_stats_close(&stats);
    bank_stats_close(&gallery_stats);
    free(ready);
    return -1;
}

struct fit *fit_known(const struct task *task, const struct rule_spec *spec)
{
    struct fit *fit = is_cached(spec->rule) ? fit_new(task, spec) : NULL;

    if (fit && fit_cache_load(task, fit) && set_shift(fit, NULL) == 0)
        return fit;
    fit_release(fit);
    return NULL;
}

/* Whether a fit read from elsewhere has what its rule's functions rely on. */
static bool is_complete(const struct fit *fit)
{
    const struct rule *rule = fit->spec.rule;
    bool learned = rule->needs & (RULE_NEEDS_BANK | RULE_NEEDS_ALL_QUERIES);

    return !rule->close && (!learned || fit->bias) &&
           (!rule->score || (fit->active && fit->gallery_active && fit->gallery_bias));
}

struct fit *fit_restore(const struct task *task, const struct rule_spec *spec, const void *blob, size_t size,
                        struct error *error)
{
    struct fit *fit = fit_new(task, spec);
    struct error why = {0};

    if (!fit) {
        error_memory(error);
        return NULL;
    }
    bool sound = fit_blob_read(blob, size, fit, &why) && is_complete(fit);
    if (sound && set_shift(fit, error) == 0)
        return fit;
    if (why.kind)
        error_memory(error);
    else if (!sound)
        error_set(error, ERROR_INPUT, "the fit of %s does not match the data", spec->rule->name);
    fit_release(fit);
    return NULL;
}

struct fit *fit_stand_in(const struct task *task, const struct rule_spec *spec, double residual, bool gated,
                         bool gallery_gated)
{
    struct fit *fit = fit_new(task, spec);

    if (!fit)
        return NULL;
    fit->residual = residual;
    fit->active = gated ? memory_array(1, 1) : NULL;
    fit->gallery_active = gallery_gated ? memory_array(1, 1) : NULL;
    if ((!gated || fit->active) && (!gallery_gated || fit->gallery_active))
        return fit;
    fit_release(fit);
    return NULL;
}

double fit_mean_bias(const struct fit *fit)
{
    double sum = 0;

    for (size_t j = 0; fit->bias && j < fit->m; j++)
        sum += fit->bias[j];
    return sum / (double)fit->m;
}

int fit_score(const struct fit *fit, bool open, const struct asker *asker, const float *s, float *score)
{
    if (fit->spec.rule->score)
        return fit->spec.rule->score(fit, asker, s, score);
    if (open && fit->shift)
        kernel_add(s, fit->shift, score, fit->m);
    else
        memcpy(score, s, fit->m * sizeof *score);
    return 0;
}
