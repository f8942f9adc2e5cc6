#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/workspace.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/results/shifts.h"

static const char *const defaults[] = {"raw", "ncl", NULL};

static int report_shifts(struct workspace *workspace)
{
    int status = workspace_fit(workspace, defaults);
    status = status < 0 ? workspace_analyse(workspace, ANALYSIS_TOP) : status;
    if (status >= 0) {
        return status;
    }
    const struct options *options = workspace->options;
    size_t samples = options->bootstrap == SIZE_MAX ? BOOTSTRAP_SAMPLES : options->bootstrap;
    size_t last = workspace->analyses - 1;
    struct bootstrap bootstrap;
    status = samples ? workspace_bootstrap(workspace, 0, last, samples, &bootstrap) : -1;
    if (status >= 0) {
        return status;
    }
    struct report report;
    struct error error = {0};
    const struct choice choice = {.shown = options_shown(options, 20)};
    if (shifts_report(&workspace->task, &workspace->analysis[0], &workspace->analysis[last],
                      samples ? &bootstrap : NULL, &choice, &report, &error)) {
        return fail(&error);
    }
    return report_show(&report, options->format);
}

int cmd_shifts(const struct options *options)
{
    if (options->rule.count == 1) {
        return fail_usage("shifts", "give --rule twice: from and to");
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_shifts(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
