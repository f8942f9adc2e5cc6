#include "app/command.h"
#include "app/fail.h"
#include "app/output.h"
#include "app/workspace.h"
#include "engine/results/mass.h"

static int report_mass(struct workspace *workspace)
{
    int status = workspace_fit(workspace, NULL);
    status = status < 0 ? workspace_analyse(workspace, ANALYSIS_TOP) : status;
    if (status >= 0) {
        return status;
    }
    const struct options *options = workspace->options;
    struct report report;
    struct error error = {0};
    const struct mass_choice choice = {
        .rows = {.shown = options_shown(options, 20), .reverse = options->reverse},
        .measures = options->measures,
        .whole_curve = options->format->shape == SHAPE_ROWS,
    };
    if (mass_report(&workspace->task, workspace->analysis, workspace->analyses, &choice, &report, &error)) {
        return fail(&error);
    }
    return report_show(&report, options->format);
}

int cmd_mass(const struct options *options)
{
    struct workspace workspace;
    int status = workspace_open(&workspace, options);
    if (status < 0) {
        status = workspace_task(&workspace, options->direction == DIRECTIONS_V2T ? V2T : T2V);
    }
    if (status < 0) {
        status = report_mass(&workspace);
    }
    workspace_close(&workspace);
    return status;
}
