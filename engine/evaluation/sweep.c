#include "engine/evaluation/sweep.h"
#include "engine/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = BANK_BETAS, MASS_BYTES = 64 << 20 }; /* of one worker's mass, for all points of a batch */

const char *const sweep_goal_name[SWEEP_GOALS] = {"R@1", "R@5", "R@10", "R@50", "MdR", "MnR", "geom"};

/* Adds a value unless the axis has it already. */
static int add_value(const struct rule *rule, struct sweep_axis *axis, double value, struct error *error)
{
    const struct rule_parameter *parameter = &rule->parameters[axis->parameter];

    if (parameter->whole)
        value = round(value);
    if (!(value >= parameter->least && value <= parameter->most))
        return error_set(error, ERROR_INPUT, "%s: %s=%g is out of range: %g to %g", rule->name, parameter->name, value,
                         parameter->least, parameter->most);
    for (size_t i = 0; i < axis->count; i++)
        if (axis->value[i] == value)
            return 0;
    if (axis->count == SWEEP_VALUES)
        return error_set(error, ERROR_INPUT, "%s: more than %d values of %s", rule->name, SWEEP_VALUES,
                         parameter->name);
    axis->value[axis->count++] = value;
    return 0;
}

/* Reads a number at *at, terminated by `end` or the end of the text, and moves *at past the terminator. */
static bool take_number(const char **at, char end, double *value)
{
    size_t length = strspn(*at, "0123456789+-.eE");
    char number[64], *stop;

    if (length == 0 || length >= sizeof number || ((*at)[length] && (*at)[length] != end))
        return false;
    memcpy(number, *at, length);
    number[length] = 0;
    *value = strtod(number, &stop);
    if ((*at)[length] && !(*at)[length + 1])
        return false; /* nothing follows the terminator */
    *at += length + ((*at)[length] != 0);
    return *stop == 0 && isfinite(*value);
}

/* Six digits are enough to place a value, and short enough to read. */
static double shortened(double value)
{
    char text[40];

    snprintf(text, sizeof text, "%.6g", value);
    return strtod(text, NULL);
}

/* FROM:TO:[log]COUNT */
static bool parse_range(const char *text, double *from, double *to, size_t *count, bool *logarithmic)
{
    double steps;

    if (!take_number(&text, ':', from) || !take_number(&text, ':', to))
        return false;
    *logarithmic = strncmp(text, "log", 3) == 0;
    text += *logarithmic ? 3 : 0;
    if (!take_number(&text, 0, &steps) || steps < 2 || steps > SWEEP_VALUES || steps != floor(steps))
        return false;
    *count = (size_t)steps;
    return !*logarithmic || (*from > 0 && *to > 0);
}

int sweep_axis_parse(const struct rule *rule, const char *text, struct sweep_axis *axis, struct error *error)
{
    size_t length = strcspn(text, "="), count;
    const char *at = text + length;
    double from, to;
    bool logarithmic;
    char known[256] = "";

    *axis = (struct sweep_axis){0};
    for (size_t p = 0; p < rule->parameter_count; p++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", p ? ", " : "", rule->parameters[p].name);
        if (strlen(rule->parameters[p].name) == length && strncmp(rule->parameters[p].name, text, length) == 0)
            axis->parameter = p + 1;
    }
    if (!axis->parameter && !*known)
        return error_set(error, ERROR_INPUT, "%s has no parameters to sweep over", rule->name);
    if (!axis->parameter)
        return error_set(error, ERROR_INPUT, "%s: unknown parameter '%.*s'; known: %s", rule->name,
                         length < 64 ? (int)length : 64, text, known);
    axis->parameter--;
    at += *at == '=';
    if (strchr(at, ':')) {
        if (!parse_range(at, &from, &to, &count, &logarithmic))
            goto wrong;
        for (size_t i = 0; i < count; i++) {
            double part = (double)i / (double)(count - 1);
            double value = i == 0           ? from
                           : i == count - 1 ? to
                           : logarithmic    ? shortened(from * pow(to / from, part))
                                            : shortened(from + part * (to - from));
            if (add_value(rule, axis, value, error))
                return -1;
        }
        return 0;
    }
    do {
        if (!take_number(&at, ',', &from))
            goto wrong;
        if (rule->parameters[axis->parameter].whole && from != round(from))
            return error_set(error, ERROR_INPUT, "%s: %g is not a whole number", rule->name, from);
        if (add_value(rule, axis, from, error))
            return -1;
    } while (*at);
    return 0;
wrong:
    return error_set(error, ERROR_INPUT,
                     "'%.80s': write NAME=FROM:TO:COUNT, NAME=FROM:TO:logCOUNT or NAME=VALUE,VALUE,...", text);
}

static void fill_points(struct sweep *sweep, const struct rule_spec *base, const struct sweep_axis *axes, size_t count)
{
    for (size_t i = 0; i < sweep->count; i++) {
        size_t rest = i;
        sweep->point[i].spec = *base;
        for (size_t a = count; a-- > 0;) {
            sweep->point[i].spec.value[axes[a].parameter] = axes[a].value[rest % axes[a].count];
            rest /= axes[a].count;
        }
    }
}

/* How many points from `first` on fit one plan; 1 if not even the first does: fit_rules then reports why. */
static size_t batch_size(const struct task *task, const struct sweep *sweep, size_t first)
{
    struct fit_plan plan = {0};
    size_t count = 0, most = MASS_BYTES / (task_gallery(task) * sizeof(double));

    most = most < 1 ? 1 : most > BATCH ? BATCH : most;
    for (; count < most && first + count < sweep->count; count++) {
        const struct rule_spec *spec = &sweep->point[first + count].spec;
        if (spec->rule->plan && spec->rule->plan(spec, task, &plan, NULL))
            break;
    }
    return count ? count : 1;
}

static int run_batch(const struct task *task, struct sweep_point *point, size_t count, struct job *job,
                     struct error *error)
{
    struct rule_spec spec[BATCH] = {{0}};
    struct fit *fit[BATCH] = {NULL};
    struct analysis result[BATCH];
    int status;

    for (size_t i = 0; i < count; i++)
        spec[i] = point[i].spec;
    if (fit_rules(task, spec, count, &(struct fit_options){.no_cache = true}, fit, job, error))
        return -1;
    status = analysis_run(task, fit, count, result, job, error);
    for (size_t i = 0; i < count; i++) {
        if (!status) {
            point[i].metrics = result[i].metrics;
            memcpy(point[i].hubness, result[i].hubness, sizeof point[i].hubness);
            point[i].mass = result[i].mass_summary;
            point[i].gate_rate = result[i].gate_rate;
            point[i].residual = fit[i]->residual;
            analysis_close(&result[i]);
        }
        fit_release(fit[i]);
    }
    return status;
}

int sweep_run(const struct task *task, const struct rule_spec *base, const struct sweep_axis *axes, size_t count,
              struct sweep *sweep, struct job *job, struct error *error)
{
    *sweep = (struct sweep){.count = 1};
    if (task_gallery(task) == 0)
        return error_set(error, ERROR_INPUT, "the gallery is empty: nothing to rank");
    for (size_t a = 0; a < count; a++) {
        sweep->count *= axes[a].count;
        if (sweep->count > SWEEP_POINTS)
            return error_set(error, ERROR_INPUT, "more than %d points: take fewer values", SWEEP_POINTS);
    }
    sweep->point = memory_array(sweep->count, sizeof *sweep->point);
    if (!sweep->point)
        return error_memory(error);
    fill_points(sweep, base, axes, count);
    for (size_t done = 0, batch; done < sweep->count; done += batch) {
        batch = batch_size(task, sweep, done);
        if (run_batch(task, sweep->point + done, batch, job, error)) {
            sweep_close(sweep);
            return -1;
        }
    }
    return 0;
}

void sweep_close(struct sweep *sweep)
{
    free(sweep->point);
    *sweep = (struct sweep){0};
}

double sweep_value(const struct sweep_point *point, enum sweep_goal goal)
{
    const struct metrics *metrics = &point->metrics;

    switch (goal) {
    case GOAL_R1:
        return metrics->r1;
    case GOAL_R5:
        return metrics->r5;
    case GOAL_R10:
        return metrics->r10;
    case GOAL_R50:
        return metrics->r50;
    case GOAL_MDR:
        return metrics->mdr;
    case GOAL_MNR:
        return metrics->mnr;
    default:
        return metrics->geometric;
    }
}

size_t sweep_best(const struct sweep *sweep, enum sweep_goal goal)
{
    double sign = goal == GOAL_MDR || goal == GOAL_MNR ? -1 : 1;
    size_t best = 0;

    for (size_t i = 1; i < sweep->count; i++)
        if (sign * sweep_value(&sweep->point[i], goal) > sign * sweep_value(&sweep->point[best], goal))
            best = i;
    return best;
}
