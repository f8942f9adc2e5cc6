#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/workspace.h"
#include "engine/evaluation/bank_report.h"
#include "engine/base/memory.h"
#include "engine/results/banks.h"
#include <stdlib.h>
#include <string.h>

static int choose_rules(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    for (size_t i = 0; i < options->rule.count; i++) {
        if (strchr(options->rule.item[i], '@')) {
            return fail_usage("bank", "rules take every bank in turn here: leave out the @");
        }
    }
    return workspace_rules(workspace, NULL);
}

/* Reports on the task's bank. */
static int measure_bank(struct workspace *workspace, struct bank_report *found)
{
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, "Measuring the bank");
    int failed = bank_report_make(&workspace->task, workspace->spec, workspace->specs, found, &progress.job, &error);
    progress_stop(&progress);
    return failed ? fail(&error) : -1;
}

static int report_banks(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    const struct collection *collection = workspace->collection;
    bool t2v = workspace->task.direction == T2V;
    const struct text_list *named = !collection->catalog                     ? &(const struct text_list){0}
                                    : t2v || !options->video_bank.count ? &options->bank
                                                                             : &options->video_bank;
    const struct bank *banks = t2v ? collection->bank : collection->video_bank;
    size_t count = named->count ? named->count : t2v ? collection->banks : collection->video_banks;
    if (!count) {
        return fail_text("%s has no %s to report on", collection->name, t2v ? "query bank" : "video bank");
    }
    int status = choose_rules(workspace);
    struct bank_report *found = memory_array(count, sizeof *found);
    if (!found) {
        return fail_text("out of memory");
    }
    size_t measured = 0;
    for (size_t i = 0; i < count && status < 0; i++) {
        status = workspace_use_bank(workspace, named->count ? named->item[i] : banks[i].name);
        status = status < 0 ? measure_bank(workspace, &found[i]) : status;
        measured += status < 0;
    }
    struct report report = {0};
    struct error error = {0};
    if (status < 0 && banks_report(&workspace->task, found, count, &report, &error)) {
        status = fail(&error);
    }
    for (size_t i = 0; i < measured; i++) {
        bank_report_close(&found[i]);
    }
    free(found);
    return status < 0 ? report_show(&report, options->format) : status;
}

int cmd_bank(const struct options *options)
{
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_banks(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
