#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/base/crew.h"
#include "engine/formats/output.h"
#include "engine/results/describe.h"
#include "engine/results/lists_write.h"
#include "engine/results/name.h"
#include "engine/results/vectors.h"
#include <limits.h>
#include <unistd.h>

struct lists_options {
    struct data_options data;
    struct direction_options direction;
    size_t depth; /* NOT_GIVEN */
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(lists_options, data, data_group),
    FIT_OPTION(lists_options, data),
    INCLUDE_GROUP(lists_options, direction, direction_group),
    {"depth", OPTION_COUNT, offsetof(struct lists_options, depth), "K",
     .help = "places per list; 0 for all (10; 1000 for a TREC run)", .unset = NOT_GIVEN},
    INCLUDE_GROUP(lists_options, output, output_lists_group),
    {0},
};

/* The streams the lists go to: one file, a run for each rule, or standard output. */
struct files {
    struct output output[STUDY_ENTRIES];
    FILE *stream[STUDY_ENTRIES];
    size_t count;
};

static int open_file(struct files *files, const char *path, bool replace, struct error *error)
{
    if (!replace && output_exists(path))
        return error_set(error, ERROR_INPUT, "%s already exists: give another name, or --replace", path);
    if (output_open(&files->output[files->count], path, replace, error))
        return -1;
    files->stream[files->count] = files->output[files->count].stream;
    files->count++;
    return 0;
}

static int open_files(struct files *files, const struct study *study, const struct output_options *options,
                      struct error *error)
{
    size_t runs = options->format->lists->one_rule ? study->entries : 1;
    files->stream[0] = output_stream();
    if (!options->path && runs > 1)
        return usage_error(error, "a run holds one rule: name one with --rule, or a file with --output");
    if (!options->path)
        return 0;
    for (size_t i = 0; i < runs && !crew_leads(); i++)
        files->stream[i] = output_stream(); /* which goes nowhere */
    if (!crew_leads())
        return 0;
    if (runs <= 1)
        return open_file(files, options->path, options->replace, error);
    for (size_t i = 0; i < runs; i++) {
        char rule[512], path[PATH_MAX];
        vectors_name(study_task(study), study->fit, study->entries, i, rule, sizeof rule);
        name_insert(path, sizeof path, options->path, rule);
        if (open_file(files, path, options->replace, error))
            return -1;
    }
    return 0;
}

/* Commits the files, or abandons them if `failed` is set; -1 if it is or a commit fails. */
static int close_files(struct files *files, int failed, struct error *error)
{
    for (size_t i = 0; i < files->count && failed; i++)
        output_abandon(&files->output[i]);
    return failed || output_commit_all(files->output, files->count, error) ? -1 : 0;
}

static size_t depth_of(const struct lists_options *options)
{
    if (options->depth != NOT_GIVEN)
        return options->depth ? options->depth : SIZE_MAX;
    return options->output.format->lists->depth;
}

/* Prints the notices to standard error, for formats that hold lists only. */
static void put_notices(const struct task *task, const struct format *format)
{
    if (format->lists->no_rules || (format->report && format->shape != SHAPE_ROWS))
        return;
    json_t *report = task_report(task);
    notices_put(stderr, report);
    json_decref(report);
}

static int write_lists(const struct study *study, const struct lists_options *options, struct files *files,
                       struct error *error)
{
    struct ruled rules_of[STUDY_ENTRIES];
    bool shown = !options->output.path && isatty(STDOUT_FILENO); /* progress would mix with the lines */
    struct progress progress;
    size_t rows;
    for (size_t i = 0; i < study->entries; i++)
        rules_of[i] = (struct ruled){study_task_of(study, i), study->fit[i]};
    put_notices(study_task(study), options->output.format);
    if (!shown)
        progress_start(&progress, "Listing");
    int failed = lists_write(study_task(study), rules_of, study->entries, depth_of(options), options->output.format,
                             files->stream, &rows, shown ? NULL : &progress.job, error);
    if (!shown)
        progress_stop(&progress);
    return failed;
}

static int run(const void *given, struct error *error)
{
    const struct lists_options *options = given;
    struct workspace workspace;
    struct files files = {.count = 0};
    enum direction direction = (enum direction)options->direction.direction;
    int failed = workspace_open(&workspace, &options->data, direction, error) ||
                 workspace_study(&workspace, direction, error) ||
                 (!options->output.format->lists->no_rules && workspace_fit(&workspace, error)) ||
                 open_files(&files, &workspace.study, &options->output, error) ||
                 write_lists(&workspace.study, options, &files, error);
    failed = close_files(&files, failed, error);
    workspace_close(&workspace);
    return failed;
}

const struct command command_lists = {
    .name = "lists",
    .usage = "COLLECTION | MATRICES [--rule NAME]... [--depth K] [--output FILE.run|FILE.qrels|...]",
    .help = "the top lists of all evaluation queries, for trec_eval and others",
    .options =
        {
            .entries = entries,
            .details = "A TREC run holds one rule: with several, FILE.run becomes FILE.RULE.run for each.  Queries\n"
                       "are named by their rows, videos by their keys (blanks and % as %XX).  Scores are those that\n"
                       "order the list, lowered where they would tie.  qrels need no rule.\n",
        },
    .crew = true,
    .size = sizeof(struct lists_options),
    .run = run,
};
