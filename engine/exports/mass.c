/* Items by the probability mass they hold. */
#include "engine/results/mass.h"
#include "engine/exports/export.h"

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct study *study = &export->study;
    const struct mass_choice choice = {.rows = export_rows(export), .whole_curve = format->shape == SHAPE_ROWS};
    if (export_analyse(export, job, error))
        return -1;
    return mass_report(study_task(study), study->analysis, study->entries, &choice, report, error);
}

static int vector(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error)
{
    if (export_analyse(export, job, error))
        return -1;
    const struct analysis *analysis = &export->study.analysis[export->study.entries - 1];
    if (!analysis->mass)
        return error_set(error, ERROR_INPUT, "%s orders without probabilities: it has no mass",
                         analysis->fit->spec.rule->title);
    *rows = analysis->gallery;
    return format->vector(path, NPY_F64, analysis->mass, analysis->gallery, error);
}

const struct export_kind export_mass = {
    .name = "mass", .rules = EXPORT_TWO_RULES, .report = report, .lists = export_lists, .vector = vector};
