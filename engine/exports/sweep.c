/* A rule's measures along one parameter. */
#include "engine/results/sweep.h"
#include "engine/exports/export.h"

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct sweep *sweep = &export->sweep;
    (void)format;
    (void)job;
    (void)error;
    *report = sweep_report(study_task(&export->study), sweep, sweep_best(sweep, GOAL_R1), NULL);
    return 0;
}

const struct export_kind export_sweep = {.name = "sweep", .rules = EXPORT_NO_RULES, .report = report};
