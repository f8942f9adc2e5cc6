#include "app/workspace.h"
#include "app/progress.h"
#include <string.h>

int workspace_open(struct workspace *workspace, const struct data_options *options, struct error *error)
{
    *workspace = (struct workspace){.options = options};
    workspace->collection = data_options_open(options, error);
    return workspace->collection ? 0 : -1;
}

/* Takes a bank, or a subset of one, for a task. */
static int use_bank(const struct workspace *workspace, struct task *task, const char *text, struct error *error)
{
    struct bank_subset choice;
    if (bank_options_choose(&workspace->options->banks, text, &choice, error))
        return -1;
    if (!text && !choice.size && !choice.adversarial)
        return 0; /* the first bank, if there is any */
    struct progress progress;
    progress_start(&progress, "Choosing bank queries");
    int failed = task_choose_bank(task, &choice, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

int workspace_use_bank(struct workspace *workspace, const char *text, struct error *error)
{
    return use_bank(workspace, &workspace->task, text, error);
}

/* Opens a task with the banks of the options, its query bank in place of the named one where that is null. */
static int open_task(const struct workspace *workspace, struct task *task, enum direction direction, const char *bank,
                     struct error *error)
{
    const char *gallery_bank = workspace->options->banks.gallery_bank;
    if (task_open(task, workspace->collection, direction, NULL, error))
        return -1;
    if (gallery_bank && task_gallery_bank(task, gallery_bank, error))
        goto fail;
    if (use_bank(workspace, task, bank, error))
        goto fail;
    return 0;

fail:
    task_close(task);
    return -1;
}

int workspace_task(struct workspace *workspace, enum direction direction, struct error *error)
{
    const struct bank_options *options = &workspace->options->banks;
    const char *bank = NULL;
    if (workspace->collection->catalog)
        bank = list_last(direction == V2T && options->video_bank.count ? &options->video_bank : &options->bank);
    workspace->task_open = !open_task(workspace, &workspace->task, direction, bank, error);
    return workspace->task_open ? 0 : -1;
}

/* The task with a bank that a rule names: one for all rules with the same.  Null on failure. */
static struct task *task_with(struct workspace *workspace, const struct bank_subset *bank, struct error *error)
{
    struct task *next = &workspace->other[workspace->others];
    char text[128], wanted[128], existing[128];
    bank_name_print(bank, text, sizeof text);
    if (open_task(workspace, next, workspace->task.direction, text, error))
        return NULL;
    bank_name_print(&next->bank_subset, wanted, sizeof wanted);
    for (size_t i = 0; i <= workspace->others; i++) {
        struct task *other = i ? &workspace->other[i - 1] : &workspace->task;
        bank_name_print(&other->bank_subset, existing, sizeof existing);
        if (strcmp(wanted, existing) == 0) {
            task_close(next);
            return other;
        }
    }
    workspace->others++;
    return next;
}

/* Adds a rule to fit on a task. */
static int add_rule(struct workspace *workspace, const struct rule_spec *spec, struct task *task, struct error *error)
{
    if (workspace->specs == SPECS_MOST)
        return usage_error(error, "more than %d rules", SPECS_MOST);
    workspace->task_of[workspace->specs] = task;
    workspace->spec[workspace->specs++] = *spec;
    return 0;
}

/* Every rule that the task allows; of a bank that was named, those that a bank makes a difference to. */
static int add_all(struct workspace *workspace, struct task *task, bool banked, struct error *error)
{
    for (size_t i = 0; i < rules_count; i++) {
        struct rule_spec spec = rule_default(rules[i], task->logit_scale);
        bool usable = !rule_unavailable(rules[i], task) && (!banked || (rules[i]->needs & RULE_NEEDS_BANK));
        if (usable && add_rule(workspace, &spec, task, error))
            return -1;
    }
    return 0;
}

static int add_named(struct workspace *workspace, const char *text, struct error *error)
{
    struct study_key key;
    struct task *task = &workspace->task;
    if (rule_options_parse(text, task->logit_scale, &key, error))
        return -1;
    if (key.banked && !(task = task_with(workspace, &key.bank, error)))
        return -1;
    if (!key.spec.rule)
        return add_all(workspace, task, key.banked, error);
    const char *missing = rule_unavailable(key.spec.rule, task);
    if (missing)
        return error_set(error, ERROR_INPUT, "rule %s cannot be used here: %s", key.spec.rule->name, missing);
    return add_rule(workspace, &key.spec, task, error);
}

int workspace_rules(struct workspace *workspace, struct error *error)
{
    static const char *const usual[] = {"raw", "qbnorm", "ncl"};
    const struct text_list *named = &workspace->options->rules.rule;
    struct task *task = &workspace->task;
    workspace->specs = 0;
    for (size_t i = 0; i < named->count; i++)
        if (add_named(workspace, named->item[i], error))
            return -1;
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !named->count; i++) {
        const struct rule *rule = rule_find(usual[i]);
        struct rule_spec spec = rule_default(rule, task->logit_scale);
        if (!rule_unavailable(rule, task) && add_rule(workspace, &spec, task, error))
            return -1;
    }
    return 0;
}

size_t workspace_rules_of(const struct workspace *workspace, const struct task *task, size_t *which)
{
    size_t count = 0;
    for (size_t i = 0; i < workspace->specs; i++) {
        if (workspace->task_of[i] == task)
            which[count++] = i;
    }
    return count;
}

const struct task *workspace_task_at(const struct workspace *workspace, size_t index)
{
    return index ? &workspace->other[index - 1] : &workspace->task;
}

int workspace_fit(struct workspace *workspace, struct error *error)
{
    struct progress progress;
    int failed = 0;
    if (workspace_rules(workspace, error))
        return -1;
    progress_start(&progress, "Fitting");
    for (size_t t = 0; t <= workspace->others && !failed; t++) {
        struct rule_spec spec[SPECS_MOST];
        struct fit *fit[SPECS_MOST];
        size_t which[SPECS_MOST], count = workspace_rules_of(workspace, workspace_task_at(workspace, t), which);
        for (size_t i = 0; i < count; i++)
            spec[i] = workspace->spec[which[i]];
        failed = fit_rules(workspace_task_at(workspace, t), spec, count, NULL, fit, &progress.job, error);
        for (size_t i = 0; i < count && !failed; i++)
            workspace->fit[which[i]] = fit[i];
    }
    progress_stop(&progress);
    if (!failed)
        workspace->fits = workspace->specs;
    return failed;
}

int workspace_analyse(struct workspace *workspace, size_t top, struct error *error)
{
    struct progress progress;
    int failed = 0;
    progress_start(&progress, "Analysing");
    for (size_t t = 0; t <= workspace->others && !failed; t++) {
        struct fit *fit[SPECS_MOST];
        struct analysis analysis[SPECS_MOST];
        size_t which[SPECS_MOST], count = workspace_rules_of(workspace, workspace_task_at(workspace, t), which);
        for (size_t i = 0; i < count; i++)
            fit[i] = workspace->fit[which[i]];
        failed = analysis_run_top(workspace_task_at(workspace, t), fit, count, top, analysis, &progress.job, error);
        for (size_t i = 0; i < count && !failed; i++)
            workspace->analysis[which[i]] = analysis[i];
    }
    progress_stop(&progress);
    if (!failed)
        workspace->analyses = workspace->fits;
    return failed;
}

int workspace_bootstrap(const struct workspace *workspace, size_t from, size_t to, size_t samples, size_t seed,
                        struct bootstrap *result, struct error *error)
{
    const struct analysis *a = &workspace->analysis[from], *b = &workspace->analysis[to];
    struct progress progress;
    progress_start(&progress, "Resampling");
    int failed = bootstrap_paired(a->rank, b->rank, a->queries, samples, seed, result, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

void workspace_end_task(struct workspace *workspace)
{
    for (size_t i = 0; i < SPECS_MOST; i++) {
        analysis_close(&workspace->analysis[i]);
        fit_release(workspace->fit[i]);
        workspace->fit[i] = NULL;
    }
    for (size_t i = 0; i < workspace->others; i++)
        task_close(&workspace->other[i]);
    if (workspace->task_open)
        task_close(&workspace->task);
    workspace->analyses = workspace->fits = workspace->specs = workspace->others = 0;
    workspace->task_open = false;
}

void workspace_close(struct workspace *workspace)
{
    workspace_end_task(workspace);
    if (workspace->collection)
        collection_close(workspace->collection);
    workspace->collection = NULL;
}
