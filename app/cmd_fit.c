#include "app/command.h"
#include "app/direction_options.h"
#include "app/merged.h"
#include "app/output.h"
#include "app/share_options.h"
#include "app/workspace.h"
#include "engine/base/crew.h"
#include "engine/fitting/fit_file.h"
#include "engine/study/fit_share.h"

struct fit_options_given {
    struct data_options data;
    struct direction_options direction;
    const char *output;
    bool replace;
    struct share_options share;
    const struct partials *partials; /* to take what is known of the banks from, or null */
};

#define FIELD(name) offsetof(struct fit_options_given, name)

static const struct option_entry entries[] = {
    INCLUDE_GROUP(fit_options_given, data, data_group),
    INCLUDE_GROUP(fit_options_given, direction, direction_group),
    {"output", OPTION_TEXT, FIELD(output), "FILE", .help = "the file to write"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace that file if it exists"},
    INCLUDE_GROUP(fit_options_given, share, share_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct fit_options_given *options = values;
    bool shared = options->share.shard || options->share.partial;
    const char *path = shared ? options->share.partial : options->output;
    if (shared && options->output)
        return usage_error(error, "a share goes to the file of --partial: name --output when merging");
    if (!shared && !path)
        return usage_error(error, "--output is missing: name the file to write");
    if (path && !options->replace && output_exists(path))
        return error_set(error, ERROR_INPUT, "%s already exists: give another name, or --replace", path);
    return 0;
}

/* The fits that a file can hold. */
static size_t kept_entries(const struct study *study, struct fit_file_entry *kept)
{
    size_t count = 0;
    for (size_t i = 0; i < study->entries; i++)
        if (fit_file_takes(study->key[i].spec.rule))
            kept[count++] = (struct fit_file_entry){study_task_of(study, i), study->fit[i]};
    return count;
}

/* Refuses rules that a share cannot fit, and those that no file has fits of. */
static int check_rules(const struct study *study, bool shared, struct error *error)
{
    struct fit_file_entry kept[STUDY_ENTRIES];
    if (!kept_entries(study, kept))
        return error_set(error, ERROR_INPUT, "none of these rules has a fit that a file can hold");
    if (!shared)
        return 0;
    for (size_t i = 0; i < study->entries; i++)
        if (!fit_file_takes(study->key[i].spec.rule))
            return error_set(error, ERROR_INPUT, "%s: has no fit that a file can hold: leave it out",
                             study->key[i].spec.rule->name);
    return share_options_refuse(study, error);
}

static int fit_share(struct workspace *workspace, const struct fit_options_given *options, struct error *error)
{
    struct record_writer writer;
    struct fit_share share;
    if (share_options_begin(&options->share, &writer, "fit", options->replace, error))
        return -1;
    fit_share_make(&share, &writer, options->share.share, workspace->collection);
    int failed = workspace_fit_added(workspace, error);
    fit_share_end();
    return share_options_end(&writer, failed, error);
}

static int fit_from_shares(struct workspace *workspace, const struct partials *partials, struct error *error)
{
    struct fit_share share;
    if (fit_share_take(&share, partials, workspace->collection, error))
        return -1;
    int failed = workspace_fit_added(workspace, error);
    fit_share_end();
    return failed;
}

static int write_fits(struct workspace *workspace, const void *given, struct error *error)
{
    const struct fit_options_given *options = given;
    struct fit_file_entry kept[STUDY_ENTRIES];
    bool shared = options->share.share.of || options->partials;
    if (workspace_rules(workspace, error) || check_rules(&workspace->study, shared, error))
        return -1;
    if (options->share.share.of)
        return fit_share(workspace, options, error);
    if (options->partials ? fit_from_shares(workspace, options->partials, error)
                          : workspace_fit_added(workspace, error))
        return -1;
    size_t count = kept_entries(&workspace->study, kept);
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

int fit_merged(int argc, char **argv, const struct partials *partials, struct error *error)
{
    struct fit_options_given options = {.replace = false};
    const struct option_target target = {&command_fit.options, &options};
    const char *unknown;
    if (options_parse(&target, 1, argc, argv, &unknown, error) || options_settle(&command_fit.options, &options, error))
        return -1;
    options.partials = partials;
    return run(&options, error);
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
                "own, are left out: every run fits them itself.  With --shard a run passes over a share of the\n"
                "banks' similarities only; merge makes the file of fits.  For ncl, dbsn and sinkhorn, whose fit\n"
                "iterates, that would not do: these take one run, or mpirun.\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct fit_options_given),
    .run = run,
};
