#include "app/bootstrap_options.h"
#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/formats/matrix_file.h"
#include "engine/results/sweep.h"
#include <stdlib.h>
#include <string.h>

struct sweep_options {
    struct data_options data;
    struct direction_options direction;
    struct text_list over;
    int goal; /* of the tuning: enum sweep_goal; -1: none */
    const char *on, *bank_targets;
    size_t seed;
    struct output_options output;
    struct sweep_axis axis[RULE_PARAMETERS]; /* of --over, once settled */
};

#define FIELD(name) offsetof(struct sweep_options, name)

static const char *goal_name(size_t index)
{
    return index < SWEEP_GOALS ? sweep_goal_name[index] : NULL;
}

static const struct option_entry entries[] = {
    INCLUDE_GROUP(sweep_options, data, data_group),
    INCLUDE_GROUP(sweep_options, direction, direction_group),
    {"over", OPTION_LIST, FIELD(over), "P=A:B:[log]N|P=V,...", .help = "values of a parameter; repeatable"},
    {"tune", OPTION_CHOICE, FIELD(goal), .help = "choose the point that is best by this measure", .unset = NOT_GIVEN,
     .name_at = goal_name},
    {"on", OPTION_TEXT, FIELD(on), "bank", .help = "with --tune: measure on a held-out part of the bank"},
    {"bank-targets", OPTION_TEXT, FIELD(bank_targets), "FILE|order",
     .help = "with --tune: row of each bank caption's video in the video bank"},
    SEED_OPTION(sweep_options, seed),
    INCLUDE_GROUP(sweep_options, output, output_group),
    {0},
};

static int settle_axes(struct sweep_options *options, struct error *error)
{
    struct study_key key;
    if (rule_options_parse(options->data.rules.rule.item[0], &key, error))
        return -1;
    const struct rule *rule = key.spec.rule;
    if (!rule)
        return usage_error(error, "give one --rule and at least one --over");
    if (options->over.count > RULE_PARAMETERS)
        return usage_error(error, "at most %d --over", RULE_PARAMETERS);
    for (size_t i = 0; i < options->over.count; i++) {
        struct sweep_axis *axis = options->axis;
        if (sweep_axis_parse(rule, options->over.item[i], &axis[i], error))
            return usage_from(error);
        for (size_t j = 0; j < i; j++)
            if (axis[j].parameter == axis[i].parameter)
                return usage_error(error, "--over %s twice", rule->parameters[axis[i].parameter].name);
    }
    return 0;
}

static int settle(void *values, struct error *error)
{
    struct sweep_options *options = values;
    bool tuned = options->goal >= 0;
    if (options->data.rules.rule.count != 1 || !options->over.count)
        return usage_error(error, "give one --rule and at least one --over");
    if (settle_axes(options, error))
        return -1;
    if (options->on && strcmp(options->on, "bank") != 0)
        return usage_error(error, "--on takes bank: parameters are never chosen on the evaluation queries");
    if (tuned && !options->on)
        return usage_error(error, "--tune needs --on bank");
    if (!tuned && (options->on || options->bank_targets))
        return usage_error(error, "--on and --bank-targets go with --tune");
    return 0;
}

/* Runs the rule over the points of the first `count` axes. */
static int sweep(const struct task *task, const struct rule_spec *base, const struct sweep_options *options,
                 size_t count, struct sweep *found, struct error *error)
{
    struct progress progress;
    progress_start(&progress, "Sweeping");
    int failed = sweep_run(task, base, options->axis, count, found, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

static int open_tuning(const struct task *task, const struct sweep_options *options, struct tuning *tuning,
                       struct error *error)
{
    const char *file = options->bank_targets;
    bool in_order = file && strcmp(file, "order") == 0;
    int64_t *targets = NULL;
    size_t count = 0;
    if (file && !in_order && matrix_file_integers(file, &targets, &count, error))
        return -1;
    int failed = tuning_open(task, targets, count, in_order, options->seed, tuning, error);
    free(targets);
    return failed;
}

/* Sweeps over the held-out part of the bank, then measures the best point and the base on the evaluation queries. */
static int tune(const struct task *task, const struct rule_spec *base, const struct sweep_options *options,
                struct report *report, struct error *error)
{
    enum sweep_goal goal = (enum sweep_goal)options->goal;
    struct tuning tuning;
    struct sweep points = {0}, chosen = {0}, before = {0};
    if (open_tuning(task, options, &tuning, error))
        return -1;
    int failed = sweep(&tuning.task, base, options, options->over.count, &points, error) ||
                 sweep(task, &points.point[sweep_best(&points, goal)].spec, options, 0, &chosen, error) ||
                 sweep(task, base, options, 0, &before, error);
    if (!failed) {
        const struct sweep_tuned tuned = {&tuning, goal, options->seed, chosen.point, before.point};
        *report = sweep_report(task, &points, sweep_best(&points, goal), &tuned);
    }
    sweep_close(&points);
    sweep_close(&chosen);
    sweep_close(&before);
    tuning_close(&tuning);
    return failed ? -1 : 0;
}

static int plain(const struct task *task, const struct rule_spec *base, const struct sweep_options *options,
                 struct report *report, struct error *error)
{
    struct sweep points = {0};
    int failed = sweep(task, base, options, options->over.count, &points, error);
    if (!failed)
        *report = sweep_report(task, &points, sweep_best(&points, GOAL_R1), NULL);
    sweep_close(&points);
    return failed;
}

static int report_sweep(struct workspace *workspace, const void *given, struct error *error)
{
    const struct sweep_options *options = given;
    const struct study *study = &workspace->study;
    struct report report = {0};
    if (workspace_rules(workspace, error) ||
        (options->goal >= 0 ? tune : plain)(study_task_of(study, 0), &study->key[0].spec, options, &report, error))
        return -1;
    return output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct sweep_options *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, report_sweep, given, error);
}

const struct command command_sweep = {
    .name = "sweep",
    .usage = "COLLECTION | MATRICES --rule NAME[:p=v,...] --over P=A:B:[log]N|P=V,... [--tune MEASURE --on bank]",
    .help = "a rule at many values of its parameters",
    .options =
        {
            .entries = entries,
            .details = "--over beta=1:100:log20 takes 20 values in equal ratios, beta=0:1:11 takes 11 in equal steps,\n"
                       "k=1,2,5 just these.\n"
                       "--tune chooses on the bank alone: half of its videos, drawn by --seed, are the gallery,\n"
                       "their captions the queries and the other captions the bank.  That needs the videos of the\n"
                       "bank's captions: in the gallery, as the catalog has them, or in the video bank of the same\n"
                       "name, as --bank-targets has them: a file of rows, or `order` (equally many captions per\n"
                       "video, in the videos' order).\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct sweep_options),
    .run = run,
};
