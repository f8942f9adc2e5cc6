/* Queries by how much their target's rank changes. */
#include "engine/results/shifts.h"
#include "engine/exports/export.h"

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct study *study = &export->study;
    const struct choice choice = export_rows(export);
    size_t last = study->entries - 1;
    struct bootstrap bootstrap;
    (void)format;
    if (export_analyse(export, job, error) ||
        study_difference(study, 0, last, BOOTSTRAP_SAMPLES, 0, &bootstrap, job, error))
        return -1;
    return shifts_report(study_task(study), &study->analysis[0], &study->analysis[last], &bootstrap, &choice, report,
                         error);
}

static int vector(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error)
{
    if (export_analyse(export, job, error))
        return -1;
    const struct analysis *analysis = &export->study.analysis[export->study.entries - 1];
    *rows = analysis->queries;
    return format->vector(path, NPY_F64, analysis->rank, analysis->queries, error);
}

const struct export_kind export_shifts = {
    .name = "shifts", .rules = EXPORT_TWO_RULES, .report = report, .lists = export_lists, .vector = vector};
