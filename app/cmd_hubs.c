#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/workspace.h"
#include "engine/results/hubs.h"

enum { K_MOST = ANALYSIS_TOP_MOST };

static int report_hubs(struct workspace *workspace)
{
    const struct options *options = workspace->options;
    size_t gallery = task_gallery(&workspace->task), k = options->k;
    if (k > gallery) {
        return fail_text("--k %zu is more than the %zu items of the gallery", k, gallery);
    }
    int status = workspace_fit(workspace, NULL);
    status = status < 0 ? workspace_analyse(workspace, k > ANALYSIS_TOP ? k : ANALYSIS_TOP) : status;
    if (status >= 0) {
        return status;
    }
    struct report report;
    struct error error = {0};
    const struct hubs_choice choice = {
        .k = k,
        .rows = {.shown = options_shown(options, 20), .reverse = options->reverse},
        .measures = options->measures,
    };
    if (hubs_report(&workspace->task, workspace->analysis, workspace->analyses, &choice, &report, &error)) {
        return fail(&error);
    }
    return report_show(&report, options->format);
}

int cmd_hubs(const struct options *options)
{
    if (options->k > K_MOST) {
        return fail_usage("hubs", "--k takes 1 to %d, not %zu", K_MOST, options->k);
    }
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_hubs(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
