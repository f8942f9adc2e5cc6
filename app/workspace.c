#include "app/workspace.h"
#include "app/command.h"
#include "app/fail.h"
#include "app/progress.h"
#include "app/report.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_catalog(const char *dir)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/catalog.db", dir);
    return access(path, R_OK) == 0;
}

int workspace_path(const struct options *options, char *path, size_t size)
{
    const char *name = options->operands ? options->operand[0] : "sample";
    if (strcmp(name, "sample") != 0) {
        snprintf(path, size, "%s", name);
        return 0;
    }
    const char *named = getenv("HUBSCOPE_SAMPLE");
    if (named && named[0]) {
        snprintf(path, size, "%s", named);
        return 0;
    }
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash) {
        *slash = '\0';
    }
    static const char *const places[] = {"sample", "../share/hubscope/sample"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int written = snprintf(path, size, "%s/%s", program, places[i]);
        if (written > 0 && (size_t)written < size && holds_catalog(path)) {
            return 0;
        }
    }
    fail_text("the sample collection was not found beside %s: build it or set HUBSCOPE_SAMPLE to its directory",
              program);
    return -1;
}

static bool any_matrix(const struct options *options)
{
    return options->queries || options->videos || options->sims || options->bank_sims || options->targets;
}

/* Opens bare matrices; the command line is checked here, the files by the engine. */
static int open_matrices(struct workspace *workspace, const struct options *options)
{
    const char *command = options->command->name;
    if (options->operands) {
        return fail_usage(command, "give a collection or matrices, not both");
    }
    if (options->sims ? options->queries || options->videos : !options->queries || !options->videos) {
        return fail_usage(command, "matrices are --queries and --videos, or --sims");
    }
    if (options->sims && (options->bank.count || options->video_bank.count)) {
        return fail_usage(command, "with --sims the bank is --bank-sims");
    }
    if (!options->sims && options->bank_sims) {
        return fail_usage(command, "--bank-sims goes with --sims");
    }
    struct bare bare = {
        .queries = options->queries,
        .videos = options->videos,
        .bank = list_last(&options->bank),
        .video_bank = list_last(&options->video_bank),
        .sims = options->sims,
        .bank_sims = options->bank_sims,
        .targets = options->targets,
        .logit_scale = options->logit_scale,
    };
    struct error error = {0};
    workspace->collection = collection_bare(&bare, &error);
    return workspace->collection ? -1 : fail(&error);
}

/* Misspelt rules are wrong usage whatever the data: said before any file is opened. */
static int check_rules(const struct options *options)
{
    for (size_t i = 0; i < options->rule.count; i++) {
        struct rule_spec spec;
        struct error error = {0};
        if (rule_parse(options->rule.item[i], 100, &spec, &error)) {
            return fail_usage(options->command->name, "%s", error.text);
        }
    }
    return -1;
}

int workspace_open(struct workspace *workspace, const struct options *options)
{
    *workspace = (struct workspace){.options = options};
    const char *command = options->command->name;
    int status = check_rules(options);
    if (status >= 0) {
        return status;
    }
    if (any_matrix(options)) {
        return open_matrices(workspace, options);
    }
    if (!options->operands) {
        return fail_usage(command, "which collection? Name a directory or `sample`");
    }
    if (options->logit_scale != 0) {
        return fail_usage(command, "--logit-scale goes with matrices: a collection has its own");
    }
    char path[PATH_MAX];
    if (workspace_path(options, path, sizeof path)) {
        return STATUS_FAILURE;
    }
    struct error error = {0};
    workspace->collection = collection_open(path, &error);
    return workspace->collection ? -1 : fail(&error);
}

int workspace_task(struct workspace *workspace, enum direction direction)
{
    const struct options *options = workspace->options;
    const char *bank = NULL;
    if (workspace->collection->catalog) {
        bank = list_last(&options->bank);
        if (direction == V2T && options->video_bank.count) {
            bank = list_last(&options->video_bank);
        }
    }
    struct error error = {0};
    if (task_open(&workspace->task, workspace->collection, direction, bank, &error)) {
        return fail(&error);
    }
    workspace->task_open = true;
    if (options->gallery_bank && task_gallery_bank(&workspace->task, options->gallery_bank, &error)) {
        return fail(&error);
    }
    return -1;
}

static int choose_rules(struct workspace *workspace, const char *const *defaults)
{
    const struct options *options = workspace->options;
    const struct task *task = &workspace->task;
    struct error error = {0};
    workspace->specs = 0;
    for (size_t i = 0; i < options->rule.count; i++) {
        struct rule_spec *spec = &workspace->spec[workspace->specs++];
        if (rule_parse(options->rule.item[i], task->logit_scale, spec, &error)) {
            return fail(&error);
        }
    }
    if (options->rule.count) {
        return -1;
    }
    for (size_t i = 0; defaults ? defaults[i] != NULL : i < rules_count; i++) {
        const struct rule *rule = defaults ? rule_find(defaults[i]) : rules[i];
        if (defaults || !rule_unavailable(rule, task)) {
            workspace->spec[workspace->specs++] = rule_default(rule, task->logit_scale);
        }
    }
    return -1;
}

int workspace_fit(struct workspace *workspace, const char *const *defaults)
{
    int status = choose_rules(workspace, defaults);
    if (status >= 0) {
        return status;
    }
    for (size_t i = 0; i < workspace->specs; i++) {
        const struct rule *rule = workspace->spec[i].rule;
        const char *missing = rule_unavailable(rule, &workspace->task);
        if (missing) {
            return fail_text("rule %s cannot be used here: %s", rule->name, missing);
        }
    }
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, "Fitting");
    int failed = fit_rules(&workspace->task, workspace->spec, workspace->specs, NULL, workspace->fit, &progress.job,
                           &error);
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    workspace->fits = workspace->specs;
    return -1;
}

int workspace_analyse(struct workspace *workspace)
{
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, "Analysing");
    int failed = analysis_run(&workspace->task, workspace->fit, workspace->fits, workspace->analysis, &progress.job,
                              &error);
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    workspace->analyses = workspace->fits;
    return -1;
}

void workspace_end_task(struct workspace *workspace)
{
    for (size_t i = 0; i < workspace->analyses; i++) {
        analysis_close(&workspace->analysis[i]);
    }
    for (size_t i = 0; i < workspace->fits; i++) {
        fit_release(workspace->fit[i]);
    }
    if (workspace->task_open) {
        task_close(&workspace->task);
    }
    workspace->analyses = workspace->fits = workspace->specs = 0;
    workspace->task_open = false;
}

void workspace_close(struct workspace *workspace)
{
    workspace_end_task(workspace);
    if (workspace->collection) {
        collection_close(workspace->collection);
    }
    workspace->collection = NULL;
}

json_t *workspace_report(const struct workspace *workspace)
{
    const struct task *task = &workspace->task;
    json_t *report = json_object();
    json_object_set_new(report, "collection", report_text(workspace->collection->name));
    json_object_set_new(report, "direction", json_string(task->direction == T2V ? "t2v" : "v2t"));
    json_object_set_new(report, "queries", report_count(task_queries(task)));
    json_object_set_new(report, "gallery", report_count(task_gallery(task)));
    json_object_set_new(report, "bank", report_count(task_bank(task)));
    json_object_set_new(report, "bank_name", report_text(task->bank_name));
    json_object_set_new(report, "gallery_bank", report_count(task->gallery_bank));
    json_object_set_new(report, "gallery_bank_name", report_text(task->gallery_bank_name));
    return report;
}

void workspace_title(FILE *out, const json_t *report)
{
    const char *direction = json_string_value(json_object_get(report, "direction"));
    bool t2v = strcmp(direction, "t2v") == 0;
    report_put_text(out, report, "collection");
    fprintf(out, ": %s, %.0f queries, %.0f %s, ", t2v ? "text to video" : "video to text",
            report_get_real(report, "queries"), report_get_real(report, "gallery"), t2v ? "videos" : "captions");
    double rows = report_get_real(report, "bank");
    if (rows > 0) {
        fprintf(out, "bank of %.0f (", rows);
        report_put_text(out, report, "bank_name");
        fputs(")\n", out);
    } else {
        fputs("no bank\n", out);
    }
}

json_t *rule_report(const struct rule_spec *spec)
{
    char text[256];
    rule_print(spec, text, sizeof text);
    json_t *parameters = json_object();
    for (size_t i = 0; i < spec->rule->parameter_count; i++) {
        const struct rule_parameter *parameter = &spec->rule->parameters[i];
        double value = spec->value[i];
        json_object_set_new(parameters, parameter->name,
                            parameter->whole ? json_integer((json_int_t)value) : report_real(value));
    }
    json_t *report = json_object();
    json_object_set_new(report, "rule", json_string(spec->rule->name));
    json_object_set_new(report, "spec", json_string(text));
    json_object_set_new(report, "parameters", parameters);
    json_object_set_new(report, "transductive", json_boolean(rule_transductive(spec->rule)));
    json_object_set_new(report, "label", spec->rule->label ? json_string(spec->rule->label) : json_null());
    return report;
}

void rule_put(FILE *out, const json_t *rule)
{
    report_put_text(out, rule, "spec");
    if (json_is_string(json_object_get(rule, "label"))) {
        fputs(" (", out);
        report_put_text(out, rule, "label");
        fputc(')', out);
    }
}

static void describe_video(const struct workspace *workspace, json_t *row, size_t video)
{
    struct catalog_video found;
    if (catalog_video(workspace->collection->catalog, video, &found, NULL) == 0) {
        json_object_set_new(row, "key", report_text(found.key));
        json_object_set_new(row, "title", report_text(found.title));
        catalog_video_close(&found);
    }
}

static void describe_caption(const struct workspace *workspace, json_t *row, size_t caption)
{
    struct catalog_text text;
    if (catalog_text(workspace->collection->catalog, "query", caption, &text, NULL)) {
        return;
    }
    json_object_set_new(row, "caption", report_text(text.caption));
    if (text.video >= 0) {
        describe_video(workspace, row, (size_t)text.video);
    }
    catalog_text_close(&text);
}

void item_describe(const struct workspace *workspace, json_t *row, size_t item)
{
    if (!workspace->collection->catalog) {
        return;
    }
    if (workspace->task.direction == T2V) {
        describe_video(workspace, row, item);
    } else {
        describe_caption(workspace, row, item);
    }
}

void query_describe(const struct workspace *workspace, json_t *row, size_t query)
{
    const struct task *task = &workspace->task;
    if (!workspace->collection->catalog) {
        return;
    }
    if (task->direction == T2V) {
        describe_caption(workspace, row, query);
    } else {
        describe_video(workspace, row, task->query_row ? task->query_row[query] : query);
    }
}
