#include "app/bootstrap_options.h"
#include "app/command.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/where_options.h"
#include "app/workspace.h"
#include "engine/base/crew.h"
#include "engine/results/metrics.h"
#include "engine/results/vectors.h"

enum { BOTH = 2 }; /* after enum direction */

struct eval_options {
    struct data_options data;
    int direction; /* enum direction, or BOTH */
    const char *dump;
    struct where_options where;
    struct bootstrap_options bootstrap;
    struct output_options output;
};

#define FIELD(name) offsetof(struct eval_options, name)

static const struct option_entry entries[] = {
    INCLUDE_GROUP(eval_options, data, data_group),
    FIT_OPTION(eval_options, data),
    {"direction", OPTION_CHOICE, FIELD(direction), "t2v|v2t|both", .help = "text to video, or video to text (t2v)"},
    {"dump", OPTION_TEXT, FIELD(dump), "DIR", .help = "write bias, mass, n10, rank and gate of every rule as .npy"},
    INCLUDE_GROUP(eval_options, where, where_group),
    INCLUDE_GROUP(eval_options, bootstrap, bootstrap_group),
    INCLUDE_GROUP(eval_options, output, output_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct eval_options *options = values;
    if (options->direction == BOTH && options->dump)
        return usage_error(error, "--dump takes one direction at a time");
    if (options->where.where.count && options->dump)
        return usage_error(error, "--dump is of all videos: omit it, or --where");
    return where_options_check(&options->where, &options->bootstrap, error);
}

static int make_report(struct workspace *workspace, const struct bootstrap_options *options, struct report *report,
                       struct error *error)
{
    const struct study *study = &workspace->study;
    size_t samples = bootstrap_options_samples(options, 0);
    struct bootstrap bootstrap[STUDY_ENTRIES];
    const struct bootstrap *each[STUDY_ENTRIES] = {NULL};
    if (options->mass && study->entries > 1 && workspace_sample_mass(workspace, NULL, 0, samples, options->seed, error))
        return -1;
    for (size_t i = 1; samples && i < study->entries; i++) {
        if (workspace_difference(workspace, 0, i, samples, options->seed, &bootstrap[i], error))
            return -1;
        each[i] = &bootstrap[i];
    }
    *report = metrics_report(study_task(study), study->analysis, study->entries, each);
    return 0;
}

/* A signal comes too late meanwhile: all files appear, or none. */
static int dump(const struct study *study, const char *dir, struct error *error)
{
    struct progress progress;
    size_t files;

    if (!dir || !crew_leads())
        return 0;
    progress_start(&progress, "Writing");
    int failed = vectors_write(study_task(study), study->analysis, study->entries, dir, true, &files, error);
    progress_stop(&progress);
    return failed;
}

static int evaluate(struct workspace *workspace, const struct eval_options *options, enum direction direction,
                    struct report *report, struct error *error)
{
    if (workspace_study(workspace, direction, error) || where_options_apply(&options->where, workspace, error) ||
        workspace_fit(workspace, error) || workspace_analyse(workspace, ANALYSIS_TOP, error) ||
        make_report(workspace, &options->bootstrap, report, error))
        return -1;
    return dump(&workspace->study, options->dump, error);
}

static int run(const void *given, struct error *error)
{
    const struct eval_options *options = given;
    struct workspace workspace;
    struct report report[2] = {0};
    bool both = options->direction == BOTH;
    enum direction first = both ? T2V : (enum direction)options->direction;
    int failed = workspace_open(&workspace, &options->data, first, error) ||
                 evaluate(&workspace, options, first, &report[0], error) ||
                 (both && evaluate(&workspace, options, V2T, &report[1], error));
    workspace_close(&workspace);
    if (failed) {
        report_close(&report[0]);
        return -1;
    }
    if (both)
        report[0] = metrics_pair(&report[0], &report[1]);
    return output_report(&report[0], options->output.format, error);
}

const struct command command_eval = {
    .name = "eval",
    .usage = "COLLECTION | MATRICES [--rule NAME[:p=v,...]]...",
    .help = "recall, ranks, hubness and mass of every rule",
    .options = {.entries = entries, .settle = settle},
    .crew = true,
    .size = sizeof(struct eval_options),
    .run = run,
};
