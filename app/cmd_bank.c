#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/evaluation/bank_report.h"
#include "engine/results/banks.h"
#include <stdlib.h>
#include <string.h>

struct bank_command_options {
    struct data_options data;
    struct direction_options direction;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(bank_command_options, data, data_group),
    INCLUDE_GROUP(bank_command_options, direction, direction_group),
    INCLUDE_GROUP(bank_command_options, output, output_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct bank_command_options *options = values;
    const struct text_list *rule = &options->data.rules.rule;
    for (size_t i = 0; i < rule->count; i++)
        if (strchr(rule->item[i], '@'))
            return usage_error(error, "bank fits every rule on each bank in turn: omit @BANK");
    return 0;
}

/* Measures a bank with the rules of `ruled`. */
static int measure_bank(const struct study *ruled, const struct study *study, const char *text,
                        struct bank_report *found, struct error *error)
{
    struct rule_spec spec[STUDY_ENTRIES];
    struct bank_subset bank;
    struct progress progress;
    if (bank_name_parse(text, &bank, error))
        return usage_from(error);
    for (size_t i = 0; i < ruled->entries; i++)
        spec[i] = ruled->key[i].spec;
    progress_start(&progress, "Measuring the bank");
    int failed = study_report_bank(study, &bank, spec, ruled->entries, found, &progress.job, error);
    progress_stop(&progress);
    return failed;
}

/* The banks given as options; null for all of the collection's. */
static const struct text_list *banks_named(const struct workspace *workspace)
{
    const struct bank_options *options = &workspace->options->banks;
    bool videos = workspace->study.options.direction == V2T && options->video_bank.count;
    const struct text_list *named = videos ? &options->video_bank : &options->bank;
    return workspace->collection->catalog && named->count ? named : NULL;
}

/* The model of all rules: another one than the study's has a study of its own. */
static int choose_model(struct workspace *workspace, const struct collection_model **model, struct error *error)
{
    const struct study *study = &workspace->study;
    if (workspace_rules(workspace, error))
        return -1;
    *model = study->entries ? study_task_of(study, 0)->model : study_task(study)->model;
    for (size_t i = 1; i < study->entries; i++)
        if (study_task_of(study, i)->model != *model)
            return error_set(error, ERROR_USAGE, "bank reports on the banks of one model: name rules of %s or of %s",
                             (*model)->name, study_task_of(study, i)->model->name);
    return 0;
}

/* Moves the rules to a study of that model. */
static int open_study(struct study *own, const struct study *study, const struct collection_model *model,
                      struct error *error)
{
    struct study_options options = study->options;
    options.model = model;
    options.bank = (struct bank_subset){0};
    return study_open(own, study->collection, &options, NULL, error);
}

/* Those that are named, or all that the model has; *measured counts them. */
static int measure_banks(const struct workspace *workspace, const struct study *study, const struct bank *banks,
                         size_t count, struct bank_report *found, size_t *measured, struct error *error)
{
    const struct text_list *named = banks_named(workspace);
    for (size_t i = 0; i < count; i++) {
        if (!named && !banks[i].matrix.rows)
            continue;
        const char *text = named ? named->item[i] : banks[i].name;
        if (measure_bank(&workspace->study, study, text, &found[*measured], error))
            return -1;
        ++*measured;
    }
    return 0;
}

static int report_banks(struct workspace *workspace, const void *given, struct error *error)
{
    const struct bank_command_options *options = given;
    const struct collection_model *model;
    bool t2v = workspace->study.options.direction == T2V;
    const struct text_list *named = banks_named(workspace);
    if (choose_model(workspace, &model, error))
        return -1;
    size_t count, measured = 0;
    const struct bank *banks = collection_model_banks(model, !t2v, &count);
    count = named ? named->count : count;
    if (!count)
        return error_set(error, ERROR_INPUT, "%s has no %s to report on", workspace->collection->name,
                         t2v ? "query bank" : item_text("video bank"));
    struct bank_report *found = memory_array(count, sizeof *found);
    struct study study = {0};
    struct report report;
    if (!found)
        return error_memory(error);
    int failed = open_study(&study, &workspace->study, model, error) ||
                 measure_banks(workspace, &study, banks, count, found, &measured, error) ||
                 banks_report(study_task(&study), found, measured, &report, error);
    for (size_t i = 0; i < measured; i++)
        bank_report_close(&found[i]);
    free(found);
    study_close(&study);
    return failed ? -1 : output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct bank_command_options *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, report_banks, given, error);
}

const struct command command_bank = {
    .name = "bank",
    .usage = "COLLECTION | MATRICES [--bank BANK]... [--rule NAME[:p=v,...]]...",
    .help = "how well each bank represents the queries, and R@1 with it",
    .options = {.entries = entries, .settle = settle},
    .crew = true,
    .size = sizeof(struct bank_command_options),
    .run = run,
};
