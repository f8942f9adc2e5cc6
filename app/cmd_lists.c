#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/formats/output.h"
#include "engine/results/lists_write.h"
#include "engine/results/name.h"
#include "engine/results/vectors.h"
#include <limits.h>
#include <unistd.h>

/* Where the lists go: one file, a run for each rule, or standard output. */
struct files {
    struct output output[SPECS_MOST];
    FILE *stream[SPECS_MOST];
    size_t count;
};

static int open_file(const struct options *options, const char *path, struct files *files)
{
    struct error error = {0};
    if (!options->replace && output_exists(path)) {
        return fail_text("%s exists already: give another name, or --replace", path);
    }
    if (output_open(&files->output[files->count], path, options->replace, &error)) {
        return fail(&error);
    }
    files->stream[files->count] = files->output[files->count].stream;
    files->count++;
    return -1;
}

static int open_files(const struct workspace *workspace, struct files *files)
{
    const struct options *options = workspace->options;
    size_t runs = options->format->lists->one_rule ? workspace->fits : 1;
    if (!options->output) {
        files->stream[0] = stdout;
        return runs > 1 ? fail_usage("lists", "a run holds one rule: name one with --rule, or a file with --output") : -1;
    }
    if (runs <= 1) {
        return open_file(options, options->output, files);
    }
    int status = -1;
    for (size_t i = 0; i < runs && status < 0; i++) {
        char rule[512], path[PATH_MAX];
        vectors_name(&workspace->task, workspace->fit, workspace->fits, i, rule, sizeof rule);
        name_insert(path, sizeof path, options->output, rule);
        status = open_file(options, path, files);
    }
    return status;
}

static int close_files(struct files *files, int status)
{
    struct error error = {0};
    for (size_t i = 0; i < files->count; i++) {
        if (status >= 0) {
            output_abandon(&files->output[i]);
        } else if (output_commit(&files->output[i], &error)) {
            status = fail(&error);
        }
    }
    return status;
}

static int write_lists(struct workspace *workspace, struct files *files)
{
    const struct options *options = workspace->options;
    size_t depth = options->depth == 0          ? SIZE_MAX
                   : options->depth != SIZE_MAX ? options->depth
                                                : options->format->lists->depth;
    struct ruled rules_of[SPECS_MOST];
    bool shown = !options->output && isatty(STDOUT_FILENO); /* progress would stand between the lines */
    struct progress progress;
    struct error error = {0};
    size_t rows;
    for (size_t i = 0; i < workspace->fits; i++) {
        rules_of[i] = (struct ruled){workspace->task_of[i], workspace->fit[i]};
    }
    if (!shown) {
        progress_start(&progress, "Listing");
    }
    int failed = lists_write(&workspace->task, rules_of, workspace->fits, depth, options->format,
                             files->stream, &rows, shown ? NULL : &progress.job, &error);
    if (!shown) {
        progress_stop(&progress);
    }
    return failed ? fail(&error) : -1;
}

int cmd_lists(const struct options *options)
{
    struct workspace workspace;
    struct files files = {0};
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0 && !options->format->lists->no_rules) {
        status = workspace_fit(&workspace, NULL);
    }
    status = status < 0 ? open_files(&workspace, &files) : status;
    status = status < 0 ? write_lists(&workspace, &files) : status;
    status = close_files(&files, status);
    workspace_close(&workspace);
    return status < 0 ? STATUS_OK : status;
}
