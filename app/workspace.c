#include "app/workspace.h"
#include "app/command.h"
#include "app/fail.h"
#include "app/progress.h"
#include "engine/evaluation/bank_subset.h"
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
    return options->queries || options->videos || options->sims || options->bank_sims || options->targets ||
           options->query_mask;
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
        .mask = options->query_mask,
        .logit_scale = options->logit_scale,
    };
    struct error error = {0};
    workspace->collection = collection_bare(&bare, &error);
    return workspace->collection ? -1 : fail(&error);
}

/* The rule and the bank of "RULE@BANK"; *bank is null where none is named. */
static int parse_rule(const char *text, double logit_scale, struct rule_spec *spec, const char **bank,
                      struct error *error)
{
    char rule[512];
    size_t length = strcspn(text, "@");
    *bank = text[length] ? text + length + 1 : NULL;
    if (length >= sizeof rule) {
        return error_set(error, ERROR_INPUT, "a rule of %zu characters is too long", length);
    }
    snprintf(rule, sizeof rule, "%.*s", (int)length, text);
    if (rule_parse(rule, logit_scale, spec, error)) {
        return -1;
    }
    if (*bank && !(spec->rule->needs & RULE_NEEDS_BANK)) {
        return error_set(error, ERROR_INPUT, "%s takes no bank: leave out @%.64s", spec->rule->name, *bank);
    }
    return 0;
}

/* Whether the text is "all" or "all@BANK"; *bank is null where none is named. */
static bool names_all(const char *text, const char **bank)
{
    *bank = text[strcspn(text, "@")] ? strchr(text, '@') + 1 : NULL;
    return strcmp(text, "all") == 0 || strncmp(text, "all@", 4) == 0;
}

/* The text of a bank with what --bank-size, --bank-seed and --bank-adversarial add. */
static int choose_bank(const struct options *options, const char *text, struct bank_subset *choice,
                       struct error *error)
{
    if (bank_name_parse(text ? text : "", choice, error)) {
        return -1;
    }
    if (!choice->size && !choice->adversarial) {
        choice->size = options->bank_size == SIZE_MAX ? 0 : options->bank_size;
        choice->seed = options->bank_seed == SIZE_MAX ? 0 : options->bank_seed;
        choice->adversarial = options->bank_adversarial == SIZE_MAX ? 0 : options->bank_adversarial;
    }
    return 0;
}

/* Misspelt rules and banks are wrong usage whatever the data: said before any file is opened. */
static int check_rules(const struct options *options)
{
    const char *command = options->command->name;
    struct error error = {0};
    for (size_t i = 0; i < options->rule.count; i++) {
        struct rule_spec spec;
        struct bank_subset choice;
        const char *bank;
        if ((!names_all(options->rule.item[i], &bank) &&
             parse_rule(options->rule.item[i], 100, &spec, &bank, &error)) ||
            (bank && bank_name_parse(bank, &choice, &error))) {
            return fail_usage(command, "%s", error.text);
        }
    }
    if (options->bank_size != SIZE_MAX && options->bank_adversarial != SIZE_MAX) {
        return fail_usage(command, "--bank-size and --bank-adversarial do not go together");
    }
    if (options->bank_seed != SIZE_MAX && options->bank_size == SIZE_MAX) {
        return fail_usage(command, "--bank-seed goes with --bank-size");
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

/* Takes a bank, or part of one, for a task. */
static int use_bank(const struct workspace *workspace, struct task *task, const char *text)
{
    struct bank_subset choice;
    struct error error = {0};
    if (choose_bank(workspace->options, text, &choice, &error)) {
        return fail_usage(workspace->options->command->name, "%s", error.text);
    }
    if (!text && !choice.size && !choice.adversarial) {
        return -1; /* the first bank, if there is any */
    }
    struct progress progress;
    progress_start(&progress, "Choosing bank queries");
    int failed = task_choose_bank(task, &choice, &progress.job, &error);
    progress_stop(&progress);
    return failed ? fail(&error) : -1;
}

int workspace_use_bank(struct workspace *workspace, const char *text)
{
    return use_bank(workspace, &workspace->task, text);
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
    if (task_open(&workspace->task, workspace->collection, direction, NULL, &error)) {
        return fail(&error);
    }
    workspace->task_open = true;
    if (options->gallery_bank && task_gallery_bank(&workspace->task, options->gallery_bank, &error)) {
        return fail(&error);
    }
    return use_bank(workspace, &workspace->task, bank);
}

/* The task with the bank that a rule names: one for all rules with the same. */
static int task_with(struct workspace *workspace, const char *text, struct task **task)
{
    struct task *next = &workspace->other[workspace->others];
    struct error error = {0};
    char wanted[128], there[128];
    if (task_open(next, workspace->collection, workspace->task.direction, NULL, &error)) {
        return fail(&error);
    }
    int status = workspace->options->gallery_bank &&
                         task_gallery_bank(next, workspace->options->gallery_bank, &error)
                     ? fail(&error)
                     : use_bank(workspace, next, text);
    if (status >= 0) {
        task_close(next);
        return status;
    }
    bank_name_print(&next->bank_subset, wanted, sizeof wanted);
    *task = next;
    for (size_t i = 0; i <= workspace->others; i++) {
        struct task *other = i ? &workspace->other[i - 1] : &workspace->task;
        bank_name_print(&other->bank_subset, there, sizeof there);
        if (strcmp(wanted, there) == 0) {
            task_close(next);
            *task = other;
            return -1;
        }
    }
    workspace->others++;
    return -1;
}

/* Adds a rule to fit on a task; false when there is no more room. */
static bool add_rule(struct workspace *workspace, const struct rule_spec *spec, struct task *task)
{
    if (workspace->specs == SPECS_MOST) {
        return false;
    }
    workspace->task_of[workspace->specs] = task;
    workspace->spec[workspace->specs++] = *spec;
    return true;
}

/* Every rule that the task allows; of a bank that was named, those that a bank makes a difference to. */
static bool add_all(struct workspace *workspace, struct task *task, bool banked)
{
    for (size_t i = 0; i < rules_count; i++) {
        struct rule_spec spec = rule_default(rules[i], task->logit_scale);
        if (!rule_unavailable(rules[i], task) && (!banked || (rules[i]->needs & RULE_NEEDS_BANK)) &&
            !add_rule(workspace, &spec, task)) {
            return false;
        }
    }
    return true;
}

static int choose_rules(struct workspace *workspace, const char *const *defaults)
{
    static const char *const usual[] = {"raw", "qbnorm", "ncl"};
    const struct options *options = workspace->options;
    struct task *task = &workspace->task;
    struct error error = {0};
    bool fits = true;
    workspace->specs = 0;
    for (size_t i = 0; i < options->rule.count && fits; i++) {
        struct rule_spec spec;
        const char *bank;
        bool all = names_all(options->rule.item[i], &bank);
        struct task *on = task;
        if (!all && parse_rule(options->rule.item[i], task->logit_scale, &spec, &bank, &error)) {
            return fail(&error);
        }
        int status = bank ? task_with(workspace, bank, &on) : -1;
        if (status >= 0) {
            return status;
        }
        fits = all ? add_all(workspace, on, bank) : add_rule(workspace, &spec, on);
    }
    for (size_t i = 0; !options->rule.count && defaults && defaults[i]; i++) {
        struct rule_spec spec = rule_default(rule_find(defaults[i]), task->logit_scale);
        fits = fits && add_rule(workspace, &spec, task);
    }
    for (size_t i = 0; !options->rule.count && !defaults && i < sizeof usual / sizeof *usual; i++) {
        struct rule_spec spec = rule_default(rule_find(usual[i]), task->logit_scale);
        if (!rule_unavailable(spec.rule, task)) {
            fits = fits && add_rule(workspace, &spec, task);
        }
    }
    return fits ? -1 : fail_usage(options->command->name, "more than %d rules", SPECS_MOST);
}

size_t workspace_rules_of(const struct workspace *workspace, const struct task *task, size_t *which)
{
    size_t count = 0;
    for (size_t i = 0; i < workspace->specs; i++) {
        if (workspace->task_of[i] == task) {
            which[count++] = i;
        }
    }
    return count;
}

const struct task *workspace_task_at(const struct workspace *workspace, size_t index)
{
    return index ? &workspace->other[index - 1] : &workspace->task;
}

int workspace_rules(struct workspace *workspace, const char *const *defaults)
{
    int status = choose_rules(workspace, defaults);
    if (status >= 0) {
        return status;
    }
    for (size_t i = 0; i < workspace->specs; i++) {
        const struct rule *rule = workspace->spec[i].rule;
        const char *missing = rule_unavailable(rule, workspace->task_of[i]);
        if (missing) {
            return fail_text("rule %s cannot be used here: %s", rule->name, missing);
        }
    }
    return -1;
}

int workspace_fit(struct workspace *workspace, const char *const *defaults)
{
    int status = workspace_rules(workspace, defaults);
    if (status >= 0) {
        return status;
    }
    struct progress progress;
    struct error error = {0};
    int failed = 0;
    progress_start(&progress, "Fitting");
    for (size_t t = 0; t <= workspace->others && !failed; t++) {
        struct rule_spec spec[SPECS_MOST];
        struct fit *fit[SPECS_MOST];
        size_t which[SPECS_MOST], count = workspace_rules_of(workspace, workspace_task_at(workspace, t), which);
        for (size_t i = 0; i < count; i++) {
            spec[i] = workspace->spec[which[i]];
        }
        failed = fit_rules(workspace_task_at(workspace, t), spec, count, NULL, fit, &progress.job, &error);
        for (size_t i = 0; i < count && !failed; i++) {
            workspace->fit[which[i]] = fit[i];
        }
    }
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    workspace->fits = workspace->specs;
    return -1;
}

int workspace_analyse(struct workspace *workspace, size_t top)
{
    struct progress progress;
    struct error error = {0};
    int failed = 0;
    progress_start(&progress, "Analysing");
    for (size_t t = 0; t <= workspace->others && !failed; t++) {
        struct fit *fit[SPECS_MOST];
        struct analysis analysis[SPECS_MOST];
        size_t which[SPECS_MOST], count = workspace_rules_of(workspace, workspace_task_at(workspace, t), which);
        for (size_t i = 0; i < count; i++) {
            fit[i] = workspace->fit[which[i]];
        }
        failed = analysis_run_top(workspace_task_at(workspace, t), fit, count, top, analysis, &progress.job,
                                  &error);
        for (size_t i = 0; i < count && !failed; i++) {
            workspace->analysis[which[i]] = analysis[i];
        }
    }
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    workspace->analyses = workspace->fits;
    return -1;
}

int workspace_bootstrap(const struct workspace *workspace, size_t from, size_t to, size_t samples,
                        struct bootstrap *result)
{
    const struct options *options = workspace->options;
    const struct analysis *a = &workspace->analysis[from], *b = &workspace->analysis[to];
    struct progress progress;
    struct error error = {0};
    if (samples > BOOTSTRAP_SAMPLES_MOST) {
        return fail_usage(options->command->name, "--bootstrap takes at most %d samples", BOOTSTRAP_SAMPLES_MOST);
    }
    progress_start(&progress, "Resampling");
    int failed = bootstrap_paired(a->rank, b->rank, a->queries, samples, options->seed, result, &progress.job, &error);
    progress_stop(&progress);
    return failed ? fail(&error) : -1;
}

void workspace_end_task(struct workspace *workspace)
{
    for (size_t i = 0; i < SPECS_MOST; i++) {
        analysis_close(&workspace->analysis[i]);
        fit_release(workspace->fit[i]);
        workspace->fit[i] = NULL;
    }
    for (size_t i = 0; i < workspace->others; i++) {
        task_close(&workspace->other[i]);
    }
    if (workspace->task_open) {
        task_close(&workspace->task);
    }
    workspace->analyses = workspace->fits = workspace->specs = workspace->others = 0;
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
