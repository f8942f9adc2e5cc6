#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/workspace.h"
#include "engine/results/metrics.h"
#include "engine/results/vectors.h"

static int eval_report(struct workspace *workspace, struct report *report)
{
    size_t samples = workspace->options->bootstrap == SIZE_MAX ? 0 : workspace->options->bootstrap;
    struct bootstrap bootstrap[SPECS_MOST];
    const struct bootstrap *each[SPECS_MOST] = {NULL};
    for (size_t i = 1; samples && i < workspace->analyses; i++) {
        int status = workspace_bootstrap(workspace, 0, i, samples, &bootstrap[i]);
        if (status >= 0) {
            return status;
        }
        each[i] = &bootstrap[i];
    }
    *report = metrics_report(&workspace->task, workspace->analysis, workspace->analyses, each);
    return -1;
}

static int eval_direction(struct workspace *workspace, enum direction direction, struct report *report)
{
    int status = workspace_task(workspace, direction);
    status = status < 0 ? workspace_fit(workspace, NULL) : status;
    status = status < 0 ? workspace_analyse(workspace, ANALYSIS_TOP) : status;
    if (status < 0 && workspace->options->dump) {
        struct error error = {0};
        size_t files;
        status = vectors_write(&workspace->task, workspace->analysis, workspace->analyses, workspace->options->dump,
                               true, &files, &error)
                     ? fail(&error)
                     : -1;
    }
    if (status < 0) {
        status = eval_report(workspace, report);
    }
    workspace_end_task(workspace);
    return status;
}

int cmd_eval(const struct options *options)
{
    struct workspace workspace;
    struct report report[2] = {0};
    bool both = options->direction == DIRECTIONS_BOTH;
    if (both && options->dump) {
        return fail_usage("eval", "--dump takes one direction at a time");
    }
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = eval_direction(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V, &report[0]);
    }
    if (status < 0 && both) {
        status = eval_direction(&workspace, V2T, &report[1]);
    }
    workspace_close(&workspace);
    if (status >= 0) {
        report_close(&report[0]);
        return status;
    }
    if (both) {
        report[0] = metrics_pair(&report[0], &report[1]);
    }
    return report_show(&report[0], options->format);
}
