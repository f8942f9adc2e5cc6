#include "app/command.h"
#include "app/direction_options.h"
#include "app/output.h"
#include "app/row_options.h"
#include "app/where_options.h"
#include "app/workspace.h"
#include "engine/results/hubs.h"

enum { K_MOST = ANALYSIS_TOP_MOST };

struct hubs_options {
    struct data_options data;
    struct direction_options direction;
    size_t k;
    struct row_options rows;
    struct where_options where;
    struct output_options output;
};

static const struct option_entry entries[] = {
    INCLUDE_GROUP(hubs_options, data, data_group),
    FIT_OPTION(hubs_options, data),
    INCLUDE_GROUP(hubs_options, direction, direction_group),
    {"k", OPTION_COUNT, offsetof(struct hubs_options, k), "K", .help = "length of the lists counted, 1 to 100 (10)",
     .least = 1, .unset = 10},
    INCLUDE_GROUP(hubs_options, rows, item_group),
    INCLUDE_GROUP(hubs_options, where, where_group),
    INCLUDE_GROUP(hubs_options, output, output_group),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct hubs_options *options = values;
    return options->k > K_MOST ? usage_error(error, "--k takes 1 to %d, not %zu", K_MOST, options->k) : 0;
}

static int report_hubs(struct workspace *workspace, const void *given, struct error *error)
{
    const struct hubs_options *options = given;
    const struct hubs_choice choice = {
        .k = options->k,
        .rows = {.shown = row_options_shown(&options->rows, 20), .reverse = options->rows.reverse},
        .measures = options->rows.measures,
    };
    const struct study *study = &workspace->study;
    struct report report;
    size_t gallery = task_items(study_task(study)), k = options->k;
    if (k > gallery)
        return error_set(error, ERROR_INPUT, "--k %zu is more than the gallery's %zu items", k, gallery);
    if (where_options_apply(&options->where, workspace, error) || workspace_fit(workspace, error) ||
        workspace_analyse(workspace, k > ANALYSIS_TOP ? k : ANALYSIS_TOP, error) ||
        hubs_report(study_task(study), study->analysis, study->entries, &choice, &report, error))
        return -1;
    return output_report(&report, options->output.format, error);
}

static int run(const void *given, struct error *error)
{
    const struct hubs_options *options = given;
    return workspace_run(&options->data, (enum direction)options->direction.direction, report_hubs, given, error);
}

const struct command command_hubs = {
    .name = "hubs",
    .usage = "COLLECTION | MATRICES [--k K] [--top N] [--measures]",
    .help = "items by how many top-k lists they appear in",
    .options =
        {
            .entries = entries,
            .details = "The fair share is k Q / M lists.  A hub is in at least twice that many (hub_count in JSON\n"
                       "keeps the published 2 k); an antihub is in no list.\n",
            .settle = settle,
        },
    .crew = true,
    .size = sizeof(struct hubs_options),
    .run = run,
};
