#include "app/bootstrap_options.h"
#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/row_options.h"
#include "app/where_options.h"
#include "app/workspace.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/results/shifts.h"

struct shifts_options {
    struct data_options data;
    struct direction_options direction;
    struct row_options rows;
    struct where_options where;
    struct bootstrap_options bootstrap;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(shifts_options, data, data_group),           FIT_OPTION(shifts_options, data),
    INCLUDE_GROUP(shifts_options, direction, direction_group), INCLUDE_GROUP(shifts_options, rows, row_group),
    INCLUDE_GROUP(shifts_options, bootstrap, bootstrap_group), INCLUDE_GROUP(shifts_options, where, where_group),
    INCLUDE_GROUP(shifts_options, output, output_group),       {0},
};

static int settle(void *values, struct error *error)
{
    const struct shifts_options *options = values;
    if (options->data.rules.rule.count == 1)
        return usage_error(error, "give --rule twice: from and to");
    return where_options_check(&options->where, &options->bootstrap, error);
}

static int report_shifts(struct workspace *workspace, const void *given, struct error *error)
{
    const struct shifts_options *options = given;
    size_t samples = bootstrap_options_samples(&options->bootstrap, BOOTSTRAP_SAMPLES);
    const struct choice choice = {.shown = row_options_shown(&options->rows, 20)};
    const struct study *study = &workspace->study;
    struct bootstrap bootstrap;
    struct report report;
    if (where_options_apply(&options->where, workspace, error) || workspace_fit(workspace, error))
        return -1;
    size_t last = study->entries - 1;
    if (last == 0)
        return error_set(error, ERROR_INPUT,
                         "shifts compare two rules, and without a bank only raw is the default: name "
                         "two with --rule");
    if (workspace_analyse(workspace, ANALYSIS_TOP, error) ||
        (options->bootstrap.mass &&
         workspace_sample_mass(workspace, (size_t[]){0, last}, 2, samples, options->bootstrap.seed, error)) ||
        (samples && workspace_difference(workspace, 0, last, samples, options->bootstrap.seed, &bootstrap, error)) ||
        shifts_report(study_task(study), &study->analysis[0], &study->analysis[last], samples ? &bootstrap : NULL,
                      &choice, &report, error))
        return -1;
    return output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct shifts_options *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, report_shifts, given, error);
}

const struct command command_shifts = {
    .name = "shifts",
    .usage = "COLLECTION | MATRICES [--rule FROM --rule TO]",
    .help = "queries by how far their target moves between two rules",
    .options =
        {
            .entries = entries,
            .details = "Compares the first --rule (raw) with the last (ncl).  A shift is the rank under the first\n"
                       "minus the rank under the last: +3 helped by three places.\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct shifts_options),
    .run = run,
};
