#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/formats/matrix_file.h"
#include "engine/results/sweep.h"
#include <stdlib.h>
#include <string.h>

static int run(const struct task *task, const struct rule_spec *base, const struct sweep_axis *axes, size_t count,
               struct sweep *sweep)
{
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, "Sweeping");
    int failed = sweep_run(task, base, axes, count, sweep, &progress.job, &error);
    progress_stop(&progress);
    return failed ? fail(&error) : -1;
}

static int open_tuning(const struct workspace *workspace, struct tuning *tuning)
{
    const struct options *options = workspace->options;
    bool in_order = options->bank_targets && strcmp(options->bank_targets, "order") == 0;
    int64_t *targets = NULL;
    size_t count = 0;
    struct error error = {0};
    if (options->bank_targets && !in_order && matrix_file_integers(options->bank_targets, &targets, &count, &error)) {
        return fail(&error);
    }
    int failed = tuning_open(&workspace->task, targets, count, in_order, options->seed, tuning, &error);
    free(targets);
    return failed ? fail(&error) : -1;
}

/* The points of the bank's held-out part, and what the best of them and the base do on the evaluation queries. */
static int tune(const struct workspace *workspace, const struct rule_spec *base, const struct sweep_axis *axes,
                size_t count, enum sweep_goal goal, struct report *report)
{
    struct tuning tuning;
    struct sweep sweep = {0}, chosen = {0}, before = {0};
    int status = open_tuning(workspace, &tuning);
    if (status >= 0) {
        return status;
    }
    status = run(&tuning.task, base, axes, count, &sweep);
    if (status < 0) {
        status = run(&workspace->task, &sweep.point[sweep_best(&sweep, goal)].spec, NULL, 0, &chosen);
    }
    if (status < 0) {
        status = run(&workspace->task, base, NULL, 0, &before);
    }
    if (status < 0) {
        const struct sweep_tuned tuned = {&tuning, goal, workspace->options->seed, chosen.point, before.point};
        *report = sweep_report(&workspace->task, &sweep, sweep_best(&sweep, goal), &tuned);
    }
    sweep_close(&sweep);
    sweep_close(&chosen);
    sweep_close(&before);
    tuning_close(&tuning);
    return status;
}

static int report_sweep(struct workspace *workspace, const struct sweep_axis *axes, size_t count, enum sweep_goal goal)
{
    struct report report;
    int status = workspace_rules(workspace, NULL);
    if (status >= 0) {
        return status;
    }
    struct task *task = workspace->task_of[0];
    if (task != &workspace->task) {
        return fail_usage("sweep", "name the bank with --bank");
    }
    const struct rule_spec *base = &workspace->spec[0];
    if (workspace->options->tune) {
        status = tune(workspace, base, axes, count, goal, &report);
    } else {
        struct sweep sweep = {0};
        status = run(task, base, axes, count, &sweep);
        if (status < 0) {
            report = sweep_report(task, &sweep, sweep_best(&sweep, goal), NULL);
        }
        sweep_close(&sweep);
    }
    return status < 0 ? report_show(&report, workspace->options->format) : status;
}

/* What the command line says wrong whatever the data. */
static int check(const struct options *options, struct sweep_axis *axes, enum sweep_goal *goal)
{
    struct rule_spec spec;
    struct error error = {0};
    if (options->rule.count != 1 || !options->over.count) {
        return fail_usage("sweep", "give one --rule and at least one --over");
    }
    char rule[512];
    snprintf(rule, sizeof rule, "%.*s", (int)strcspn(options->rule.item[0], "@"), options->rule.item[0]);
    if (rule_parse(rule, 100, &spec, &error)) {
        return fail_usage("sweep", "%s", error.text);
    }
    if (options->over.count > RULE_PARAMETERS) {
        return fail_usage("sweep", "at most %d of --over", RULE_PARAMETERS);
    }
    for (size_t i = 0; i < options->over.count; i++) {
        if (sweep_axis_parse(spec.rule, options->over.item[i], &axes[i], &error)) {
            return fail_usage("sweep", "%s", error.text);
        }
        for (size_t j = 0; j < i; j++) {
            if (axes[j].parameter == axes[i].parameter) {
                return fail_usage("sweep", "--over %s twice", spec.rule->parameters[axes[i].parameter].name);
            }
        }
    }
    if (options->on && strcmp(options->on, "bank") != 0) {
        return fail_usage("sweep", "--on takes bank: parameters are never chosen on the evaluation queries");
    }
    if (options->tune ? !options->on : options->on || options->bank_targets) {
        return fail_usage("sweep", options->tune ? "--tune needs --on bank" : "--on and --bank-targets go with --tune");
    }
    *goal = GOAL_R1;
    while (options->tune && *goal < SWEEP_GOALS && strcmp(options->tune, sweep_goal_name[*goal]) != 0) {
        *goal = (enum sweep_goal)(*goal + 1);
    }
    if (*goal == SWEEP_GOALS) {
        return fail_usage("sweep", "--tune takes R@1, R@5, R@10, R@50, MdR, MnR or geom, not '%s'", options->tune);
    }
    return -1;
}

int cmd_sweep(const struct options *options)
{
    struct workspace workspace;
    struct sweep_axis axes[RULE_PARAMETERS];
    enum sweep_goal goal;
    int status = check(options, axes, &goal);
    if (status >= 0) {
        return status;
    }
    status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_sweep(&workspace, axes, options->over.count, goal);
    }
    workspace_close(&workspace);
    return status;
}
