#include "app/command.h"
#include "app/describe.h"
#include "app/fail.h"
#include "app/progress.h"
#include "app/report.h"
#include "engine/formats/npy.h"
#include "engine/sweep.h"
#include "engine/tuning.h"
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
    {"rule", NULL, 0, 0, false},
    {"spec", "rule", 0, 0, false},
    {"R@1", "R@1%", 1, 0, false},
    {"R@5", "R@5%", 1, 0, false},
    {"R@10", "R@10%", 1, 0, false},
    {"R@50", "R@50%", 1, 0, false},
    {"MdR", "MdR", 1, 0, false},
    {"MnR", "MnR", 1, 0, false},
    {"geom", "geom%", 1, 0, false},
    {"skewness", "skew", 2, 0, false},
    {"robin_hood", "R.Hood", 3, 0, false},
    {"max", "max", 0, 0, false},
    {"antihub_rate", "anti%", 1, 100, false},
    {"normalization_error", "mass err", 3, 0, false},
    {"gate_rate", "gate%", 1, 100, false},
    {"residual", "residual", 4, 0, false},
    {"best", "best", 0, 0, false},
};

static json_t *point_report(const struct sweep_point *point, bool best)
{
    const struct hubness *hubness = &point->hubness[ANALYSIS_KS - 1];
    json_t *report = rule_report(&point->spec);
    for (int goal = 0; goal < SWEEP_GOALS; goal++) {
        json_object_set_new(report, sweep_goal_name[goal], report_real(sweep_value(point, (enum sweep_goal)goal)));
    }
    json_object_set_new(report, "skewness", report_real(hubness->skewness));
    json_object_set_new(report, "robin_hood", report_real(hubness->robin_hood));
    json_object_set_new(report, "max", report_count(hubness->max));
    json_object_set_new(report, "antihub_rate", report_real(hubness->antihub_rate));
    json_object_set_new(report, "normalization_error", report_real(point->mass.normalization_error));
    json_object_set_new(report, "gate_rate", report_real(point->gate_rate));
    json_object_set_new(report, "residual", report_real(point->residual));
    json_object_set_new(report, "best", json_boolean(best));
    return report;
}

static void put_tuned(FILE *out, const json_t *tuned)
{
    const json_t *chosen = json_object_get(tuned, "chosen"), *before = json_object_get(tuned, "default");
    fprintf(out,
            "The table is of %.0f held-out captions of the bank (%.0f of its %.0f videos, of the ",
            report_get_real(tuned, "queries"), report_get_real(tuned, "gallery"), report_get_real(tuned, "videos"));
    report_put_text(out, tuned, "source");
    fprintf(out, ", seed %.0f); %.0f captions remain as bank.\nThe choice by ", report_get_real(tuned, "seed"),
            report_get_real(tuned, "bank"));
    report_put_text(out, tuned, "goal");
    fputs(", made without a look at the evaluation queries: ", out);
    report_put_text(out, chosen, "spec");
    fprintf(out, "\nOn the evaluation queries it has R@1 %.1f, R@10 %.1f, MnR %.1f (as given: %.1f, %.1f, %.1f).\n",
            report_get_real(chosen, "R@1"), report_get_real(chosen, "R@10"), report_get_real(chosen, "MnR"),
            report_get_real(before, "R@1"), report_get_real(before, "R@10"), report_get_real(before, "MnR"));
}

static void put_title(FILE *out, const json_t *report)
{
    const json_t *tuned = json_object_get(report, "tuned");
    workspace_title(out, report);
    if (tuned) {
        put_tuned(out, tuned);
    } else {
        fputs("All points are of the evaluation queries: a parameter chosen from this table has seen them (see --tune).\n",
              out);
    }
    fputc('\n', out);
}

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
    if (options->bank_targets && !in_order && npy_read_integers(options->bank_targets, &targets, &count, &error)) {
        return fail(&error);
    }
    int failed = tuning_open(&workspace->task, targets, count, in_order, options->seed, tuning, &error);
    free(targets);
    return failed ? fail(&error) : -1;
}

/* The points of the bank's held-out part, and what the best of them and the base do on the evaluation queries. */
static int tune(const struct workspace *workspace, const struct rule_spec *base, const struct sweep_axis *axes,
                size_t count, enum sweep_goal goal, struct sweep *sweep, json_t *report)
{
    struct tuning tuning;
    struct sweep chosen = {0}, before = {0};
    int status = open_tuning(workspace, &tuning);
    if (status >= 0) {
        return status;
    }
    status = run(&tuning.task, base, axes, count, sweep);
    if (status < 0) {
        status = run(&workspace->task, &sweep->point[sweep_best(sweep, goal)].spec, NULL, 0, &chosen);
    }
    if (status < 0) {
        status = run(&workspace->task, base, NULL, 0, &before);
    }
    if (status < 0) {
        json_t *tuned = json_object();
        json_object_set_new(tuned, "goal", json_string(sweep_goal_name[goal]));
        json_object_set_new(tuned, "on", json_string("bank"));
        json_object_set_new(tuned, "source", json_string(tuning.source));
        json_object_set_new(tuned, "seed", report_count(workspace->options->seed));
        json_object_set_new(tuned, "videos", report_count(tuning.videos));
        json_object_set_new(tuned, "queries", report_count(task_queries(&tuning.task)));
        json_object_set_new(tuned, "gallery", report_count(task_gallery(&tuning.task)));
        json_object_set_new(tuned, "bank", report_count(task_bank(&tuning.task)));
        json_object_set_new(tuned, "chosen", point_report(chosen.point, true));
        json_object_set_new(tuned, "default", point_report(before.point, false));
        json_object_set_new(report, "tuned", tuned);
    }
    sweep_close(&chosen);
    sweep_close(&before);
    tuning_close(&tuning);
    return status;
}

static int report_sweep(struct workspace *workspace, const struct sweep_axis *axes, size_t count, enum sweep_goal goal)
{
    struct sweep sweep = {0};
    int status = workspace_rules(workspace, NULL);
    if (status >= 0) {
        return status;
    }
    struct task *task = workspace->task_of[0];
    if (task != &workspace->task) {
        return fail_usage("sweep", "name the bank with --bank");
    }
    bool tuned = workspace->options->tune != NULL;
    const struct rule_spec *base = &workspace->spec[0];
    json_t *report = workspace_report(workspace), *list = json_array();
    json_object_set_new(report, "points", list);
    status = tuned ? tune(workspace, base, axes, count, goal, &sweep, report) : run(task, base, axes, count, &sweep);
    if (status >= 0) {
        json_decref(report);
        sweep_close(&sweep);
        return status;
    }
    size_t best = sweep_best(&sweep, goal);
    for (size_t i = 0; i < sweep.count; i++) {
        json_array_append_new(list, point_report(&sweep.point[i], i == best));
    }
    sweep_close(&sweep);
    const struct layout layout = {
        .rows = "points", .columns = columns, .count = sizeof columns / sizeof *columns, .title = put_title};
    report_print(report, workspace->options->format, &layout);
    return STATUS_OK;
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
