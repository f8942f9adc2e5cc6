#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
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

static int measure_bank(const struct study *study, const char *text, struct bank_report *found, struct error *error)
{
    struct rule_spec spec[STUDY_ENTRIES];
    struct bank_subset bank;
    struct progress progress;
    if (bank_name_parse(text, &bank, error))
        return usage_from(error);
    for (size_t i = 0; i < study->entries; i++)
        spec[i] = study->key[i].spec;
    progress_start(&progress, "Measuring the bank");
    int failed = study_report_bank(study, &bank, spec, study->entries, found, &progress.job, error);
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

static int report_banks(struct workspace *workspace, const void *given, struct error *error)
{
    const struct bank_command_options *options = given;
    const struct study *study = &workspace->study;
    const struct collection *collection = study->collection;
    bool t2v = study->options.direction == T2V;
    const struct text_list *named = banks_named(workspace);
    const struct bank *banks = t2v ? collection->model[0]->bank : collection->model[0]->video_bank;
    size_t count = named ? named->count
                   : t2v ? collection->model[0]->banks
                         : collection->model[0]->video_banks,
           measured = 0;
    if (!count)
        return error_set(error, ERROR_INPUT, "%s has no %s to report on", collection->name,
                         t2v ? "query bank" : "video bank");
    struct bank_report *found = memory_array(count, sizeof *found);
    struct report report;
    if (!found)
        return error_memory(error);
    int failed = workspace_rules(workspace, error);
    while (!failed && measured < count) {
        const char *text = named ? named->item[measured] : banks[measured].name;
        failed = measure_bank(study, text, &found[measured], error);
        measured += !failed;
    }
    failed = failed || banks_report(study_task(study), found, count, &report, error);
    for (size_t i = 0; i < measured; i++)
        bank_report_close(&found[i]);
    free(found);
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
    .size = sizeof(struct bank_command_options),
    .run = run,
};
