#include "engine/study/study.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/bank_subset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bank with the rows that a key requests, else those for every bank given by name alone. */
static struct bank_subset with_rows(const struct study *study, const struct bank_subset *bank)
{
    struct bank_subset chosen = bank->size || bank->adversarial ? *bank : study->options.rows;

    memcpy(chosen.name, bank->name, sizeof chosen.name);
    return chosen;
}

/* Opens a task like the study's own, of a model and on a bank. */
static int open_task(const struct study *study, const struct collection_model *model, const struct bank_subset *bank,
                     struct task *task, struct job *job, struct error *error)
{
    const struct study_options *options = &study->options;
    const struct bank_subset chosen = with_rows(study, bank);
    bool first = !*chosen.name && !chosen.size && !chosen.adversarial; /* the one task_open chose, if any */

    if (task_open(task, study->collection, model, options->direction, NULL, error))
        return -1;
    if (!task_follow(task, &options->conventions, error) &&
        (!options->gallery_bank || !task_gallery_bank(task, options->gallery_bank, error)) &&
        (first || !task_choose_bank(task, &chosen, job, error)))
        return 0;
    task_close(task);
    return -1;
}

static int add_task(struct study *study, const struct collection_model *model, const struct bank_subset *bank,
                    struct job *job, struct error *error)
{
    struct task *task;

    if (study->tasks == STUDY_ENTRIES + 1)
        return error_set(error, ERROR_USAGE, "more than %d models and banks", STUDY_ENTRIES);
    if (!(task = memory_array(1, sizeof *task)))
        return error_memory(error);
    if (open_task(study, model, bank, task, job, error)) {
        free(task);
        return -1;
    }
    study->task[study->tasks++] = task;
    return 0;
}

int study_open(struct study *study, const struct collection *collection, const struct study_options *options,
               struct job *job, struct error *error)
{
    *study = (struct study){.collection = collection, .options = *options};
    return add_task(study, options->model, &options->bank, job, error);
}

void study_over(struct study *study, const struct task *task)
{
    bool from_files = task->gallery_bank_name == task->model->second.name; /* as every task takes it anyway */

    *study = (struct study){
        .collection = task->collection,
        .options = {.direction = task->direction,
                    .model = task->model,
                    .gallery_bank = from_files ? NULL : task->gallery_bank_name,
                    .conventions = task->conventions},
        .task = {task},
        .tasks = 1,
        .borrowed = 1,
    };
}

void study_also(struct study *study, const struct task *task)
{
    study->task[study->tasks++] = task;
    study->borrowed++;
}

void study_share(struct study *study, const struct study *other)
{
    *study = (struct study){
        .collection = other->collection,
        .options = other->options,
        .tasks = other->tasks,
        .borrowed = other->tasks,
    };
    study->options.rows = (struct bank_subset){0};
    memcpy(study->task, other->task, other->tasks * sizeof *other->task);
}

void study_close(struct study *study)
{
    for (size_t i = 0; i < study->entries; i++) {
        analysis_close(&study->analysis[i]);
        mass_samples_close(&study->mass[i]);
        fit_release(study->fit[i]);
    }
    for (size_t t = study->borrowed; t < study->tasks; t++) {
        struct task *task = (struct task *)study->task[t];
        task_close(task);
        free(task);
    }
    *study = (struct study){0};
}

/* Parses what is between the model and the @; leaves `spec` alone for "all". */
static int parse_rule(const char *text, size_t length, double logit_scale, struct rule_spec *spec, struct error *error)
{
    char rule[512];

    if (length >= sizeof rule)
        return error_set(error, ERROR_INPUT, "a rule of %zu characters is too long", length);
    memcpy(rule, text, length);
    rule[length] = 0;
    return strcmp(rule, "all") == 0 ? 0 : rule_parse(rule, logit_scale, spec, error);
}

/* Parses MODEL/ if the text begins with it, moves the text past it and replaces *model. */
static int parse_model(const char **text, const struct collection *collection, struct study_key *key,
                       const struct collection_model **model, struct error *error)
{
    size_t length = strcspn(*text, "/:@");

    if ((*text)[length] != '/')
        return 0;
    snprintf(key->model, sizeof key->model, "%.*s", length < sizeof key->model ? (int)length : 0, *text);
    if (!collection_model_names(key->model))
        return error_set(error, ERROR_INPUT, "'%.64s': no model can have this name", *text);
    *text += length + 1;
    return !collection || (*model = collection_find_model(collection, key->model, error)) ? 0 : -1;
}

int study_key_parse(const char *text, const struct collection *collection, const struct collection_model *model,
                    struct study_key *key, struct error *error)
{
    *key = (struct study_key){0};
    if (parse_model(&text, collection, key, &model, error))
        return -1;
    size_t length = strcspn(text, "@");
    const char *bank = text[length] ? text + length + 1 : NULL;
    key->banked = bank;
    if (parse_rule(text, length, model ? model->logit_scale : 100, &key->spec, error))
        return -1;
    if (bank && key->spec.rule && !(key->spec.rule->needs & RULE_NEEDS_BANK))
        return error_set(error, ERROR_INPUT, "%s takes no bank: omit @%.64s", key->spec.rule->name, bank);
    return bank ? bank_name_parse(bank, &key->bank, error) : 0;
}

/* Writes the bank's full name, as a task of the model would have it. */
static void full_bank_name(const struct study *study, const struct collection_model *model,
                           const struct bank_subset *bank, char *buffer, size_t size)
{
    struct bank_subset chosen = with_rows(study, bank);
    size_t count, first = 0;
    const struct bank *banks = collection_model_banks(model, study->options.direction == V2T, &count);

    while (first < count && !banks[first].matrix.rows)
        first++;
    if (!*chosen.name && first < count)
        memcpy(chosen.name, banks[first].name, sizeof chosen.name);
    bank_name_print(&chosen, buffer, size);
}

/* Finds the task of a model on a bank; opens one if there is none. */
static int find_task(struct study *study, const struct collection_model *model, const struct bank_subset *bank,
                     size_t *found, struct job *job, struct error *error)
{
    char wanted[128], open[128];

    full_bank_name(study, model, bank, wanted, sizeof wanted);
    for (*found = 0; *found < study->tasks; ++*found) {
        bank_name_print(&study->task[*found]->bank_subset, open, sizeof open);
        if (study->task[*found]->model == model && strcmp(wanted, open) == 0)
            return 0;
    }
    return add_task(study, model, bank, job, error);
}

static int add_entry(struct study *study, size_t task, const struct rule_spec *spec, struct error *error)
{
    if (study->entries == STUDY_ENTRIES)
        return error_set(error, ERROR_USAGE, "more than %d rules", STUDY_ENTRIES);
    struct study_key *key = &study->key[study->entries];
    *key = (struct study_key){.spec = *spec, .banked = task > 0, .bank = study->task[task]->bank_subset};
    snprintf(key->model, sizeof key->model, "%s", study->task[task]->model->name);
    study->task_of[study->entries++] = task;
    return 0;
}

/* Adds every rule that can be used; on a bank that was named, only those that depend on it. */
static int add_all(struct study *study, size_t task, bool banked, struct error *error)
{
    for (size_t i = 0; i < rules_count; i++) {
        struct rule_spec spec = rule_default(rules[i], study->task[task]->logit_scale);
        if (!rule_unavailable(rules[i], study->task[task]) && (!banked || (rules[i]->needs & RULE_NEEDS_BANK)) &&
            add_entry(study, task, &spec, error))
            return -1;
    }
    return 0;
}

int study_add(struct study *study, const struct study_key *key, struct job *job, struct error *error)
{
    const struct task *own = study_task(study);
    const struct rule *rule = key->spec.rule;
    const struct collection_model *model = own->model;
    size_t task = 0;

    if (*key->model && !(model = collection_find_model(study->collection, key->model, error)))
        return -1;
    /* Another model is compared on the same bank, if that matters. */
    static const struct bank_subset any;
    const struct bank_subset *bank = key->banked                                ? &key->bank
                                     : rule && !(rule->needs & RULE_NEEDS_BANK) ? &any
                                                                                : &own->bank_subset;
    if ((key->banked || model != own->model) && find_task(study, model, bank, &task, job, error))
        return -1;
    if (!rule)
        return add_all(study, task, key->banked, error);
    const char *missing = rule_unavailable(rule, study->task[task]);
    if (missing)
        return error_set(error, ERROR_INPUT, "rule %s cannot be used here: %s", rule->name, missing);
    return add_entry(study, task, &key->spec, error);
}

int study_add_text(struct study *study, const char *text, struct job *job, struct error *error)
{
    struct study_key key;

    if (study_key_parse(text, study->collection, study_task(study)->model, &key, error))
        return -1;
    return study_add(study, &key, job, error);
}

int study_add_fit(struct study *study, struct fit *fit, struct error *error)
{
    size_t task = 0;

    for (size_t t = study->borrowed; t-- > 0;)
        if (strcmp(study->task[t]->model->name, fit->model) == 0)
            task = t;
    if (add_entry(study, task, &fit->spec, error))
        return -1;
    study->fit[study->entries - 1] = fit_keep(fit);
    return 0;
}

size_t study_entries_on(const struct study *study, size_t task, size_t *entry)
{
    size_t count = 0;

    for (size_t i = 0; i < study->entries; i++)
        if (study->task_of[i] == task)
            entry[count++] = i;
    return count;
}

static int fit_task(struct study *study, size_t task, struct job *job, struct error *error)
{
    struct rule_spec spec[STUDY_ENTRIES];
    struct fit *fit[STUDY_ENTRIES];
    size_t entry[STUDY_ENTRIES], on = study_entries_on(study, task, entry), count = 0;

    for (size_t i = 0; i < on; i++)
        if (!study->fit[entry[i]]) {
            entry[count] = entry[i];
            spec[count++] = study->key[entry[i]].spec;
        }
    const struct fit_options options = {.no_cache = study->no_cache};
    if (count && fit_rules(study->task[task], spec, count, &options, fit, job, error))
        return -1;
    for (size_t i = 0; i < count; i++)
        study->fit[entry[i]] = fit[i];
    return 0;
}

int study_fit(struct study *study, struct job *job, struct error *error)
{
    for (size_t t = 0; t < study->tasks; t++)
        if (fit_task(study, t, job, error))
            return -1;
    return 0;
}

static int analyse_task(struct study *study, size_t task, size_t top, struct job *job, struct error *error)
{
    struct fit *fit[STUDY_ENTRIES];
    struct analysis analysis[STUDY_ENTRIES];
    size_t entry[STUDY_ENTRIES], on = study_entries_on(study, task, entry), count = 0;

    for (size_t i = 0; i < on; i++)
        if (study->fit[entry[i]] && !study->analysis[entry[i]].fit) {
            entry[count] = entry[i];
            fit[count++] = study->fit[entry[i]];
        }
    if (count && analysis_run_top(study->task[task], fit, count, top, analysis, job, error))
        return -1;
    for (size_t i = 0; i < count; i++)
        study->analysis[entry[i]] = analysis[i];
    for (size_t i = 0; study->subset && i < count; i++)
        if (analysis_narrow(&study->analysis[entry[i]], study->subset))
            return error_memory(error);
    return 0;
}

int study_analyse(struct study *study, size_t top, struct job *job, struct error *error)
{
    for (size_t t = 0; t < study->tasks; t++)
        if (analyse_task(study, t, top, job, error))
            return -1;
    return 0;
}

static bool contains(const size_t *entry, size_t count, size_t wanted)
{
    for (size_t i = 0; i < count; i++)
        if (entry[i] == wanted)
            return true;
    return false;
}

int study_sample_mass(struct study *study, const size_t *entry, size_t count, size_t samples, uint64_t seed,
                      struct job *job, struct error *error)
{
    for (size_t t = 0; t < study->tasks; t++) {
        const struct analysis *analysis[STUDY_ENTRIES];
        struct mass_samples drawn[STUDY_ENTRIES];
        size_t chosen[STUDY_ENTRIES], on = study_entries_on(study, t, chosen), kept = 0;
        for (size_t i = 0; i < on; i++)
            if (study->analysis[chosen[i]].fit && (!entry || contains(entry, count, chosen[i]))) {
                analysis[kept] = &study->analysis[chosen[i]];
                chosen[kept++] = chosen[i];
            }
        if (kept && mass_samples_draw(study->task[t], analysis, kept, samples, seed, drawn, job, error))
            return -1;
        for (size_t i = 0; i < kept; i++) {
            mass_samples_close(&study->mass[chosen[i]]);
            study->mass[chosen[i]] = drawn[i];
        }
    }
    return 0;
}

int study_difference(const struct study *study, size_t from, size_t to, size_t samples, uint64_t seed,
                     struct bootstrap *result, struct job *job, struct error *error)
{
    const struct analysis *a = &study->analysis[from], *b = &study->analysis[to];

    if (bootstrap_analyses(a, b, analysis_k[ANALYSIS_KS - 1], samples, seed, result, job, error))
        return -1;
    return bootstrap_add_mass(&study->mass[from], &study->mass[to], result) ? error_memory(error) : 0;
}

int study_report_bank(const struct study *study, const struct bank_subset *bank, const struct rule_spec *specs,
                      size_t count, struct bank_report *report, struct job *job, struct error *error)
{
    struct task task;

    if (open_task(study, study_task(study)->model, bank, &task, job, error))
        return -1;
    int status = bank_report_make(&task, specs, count, report, job, error);
    task_close(&task);
    return status;
}
