#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/row_options.h"
#include "app/where_options.h"
#include "app/workspace.h"
#include "engine/results/mass.h"

struct mass_options {
    struct data_options data;
    struct direction_options direction;
    struct row_options rows;
    struct where_options where;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(mass_options, data, data_group),
    FIT_OPTION(mass_options, data),
    INCLUDE_GROUP(mass_options, direction, direction_group),
    INCLUDE_GROUP(mass_options, rows, item_group),
    INCLUDE_GROUP(mass_options, where, where_group),
    INCLUDE_GROUP(mass_options, output, output_group),
    {0},
};

static int report_mass(struct workspace *workspace, const void *given, struct error *error)
{
    const struct mass_options *options = given;
    const struct mass_choice choice = {
        .rows = {.shown = row_options_shown(&options->rows, 20), .reverse = options->rows.reverse},
        .measures = options->rows.measures,
        .whole_curve = options->output.format->shape == SHAPE_ROWS,
    };
    const struct study *study = &workspace->study;
    struct report report;
    if (where_options_apply(&options->where, workspace, error) || workspace_fit(workspace, error) ||
        workspace_analyse(workspace, ANALYSIS_TOP, error) ||
        mass_report(study_task(study), study->analysis, study->entries, &choice, &report, error))
        return -1;
    return output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct mass_options *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, report_mass, given, error);
}

const struct command command_mass = {
    .name = "mass",
    .usage = "COLLECTION | MATRICES [--top N] [--measures]",
    .help = "items by the retrieval probability they hold",
    .options =
        {
            .entries = entries,
            .details = "Mass is an item's probability summed over all queries; its fair share is Q / M.  False\n"
                       "positives are queries that wrongly rank an item first, false negatives queries for the item\n"
                       "that rank another first.\n",
        },
    .crew = true,
    .size = sizeof(struct mass_options),
    .run = run,
};
