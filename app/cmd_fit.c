#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/workspace.h"
#include "engine/base/crew.h"
#include "engine/fitting/fit_file.h"

struct fit_options_given {
    struct data_options data;
    struct direction_options direction;
    const char *output;
    bool replace;
};

#define FIELD(name) offsetof(struct fit_options_given, name)

static const struct option_entry entries[] = {
    INCLUDE_GROUP(fit_options_given, data, data_group),
    INCLUDE_GROUP(fit_options_given, direction, direction_group),
    {"output", OPTION_TEXT, FIELD(output), "FILE", .help = "the file to write"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace that file if it exists"},
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct fit_options_given *options = values;
    if (!options->output)
        return usage_error(error, "--output is missing: name the file to write");
    if (!options->replace && output_exists(options->output))
        return error_set(error, ERROR_INPUT, "%s already exists: give another name, or --replace", options->output);
    return 0;
}

static int write_fits(struct workspace *workspace, const void *given, struct error *error)
{
    const struct fit_options_given *options = given;
    const struct study *study = &workspace->study;
    struct fit_file_entry kept[STUDY_ENTRIES];
    size_t count = 0;
    if (workspace_rules(workspace, error))
        return -1;
    for (size_t i = 0; i < study->entries; i++)
        count += fit_file_takes(study->key[i].spec.rule);
    if (!count)
        return error_set(error, ERROR_INPUT, "none of these rules has a fit that a file can hold");
    if (workspace_fit_added(workspace, error))
        return -1;
    count = 0;
    for (size_t i = 0; i < study->entries; i++)
        if (fit_file_takes(study->key[i].spec.rule))
            kept[count++] = (struct fit_file_entry){study_task_of(study, i), study->fit[i]};
    if (!crew_leads() || fit_file_write(options->output, options->replace, kept, count, error))
        return crew_leads() ? -1 : 0;
    fprintf(output_stream(), "%s: %zu %s\n", options->output, count, count == 1 ? "fit" : "fits");
    return 0;
}

static int run(const void *given, struct error *error)
{
    const struct fit_options_given *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, write_fits, given, error);
}

const struct command command_fit = {
    .name = "fit",
    .usage = "COLLECTION | MATRICES [--rule NAME[:p=v,...]]... --output FILE",
    .help = "fit rules and keep the fits in a file, for --fit of other commands",
    .options =
        {
            .entries = entries,
            .details =
                "A fit belongs to the data, direction, model and banks that it was made of, and is refused with\n"
                "others.  Rules that need no fit, and gc, mp, nicdm, dsl and center, which keep data of their\n"
                "own, are left out: every run fits them itself.\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct fit_options_given),
    .run = run,
};
