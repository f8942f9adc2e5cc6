/* Items by how many lists they appear in. */
#include "engine/results/hubs.h"
#include "engine/base/memory.h"
#include "engine/exports/export.h"
#include <stdlib.h>

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct study *study = &export->study;
    const struct hubs_choice choice = {.k = export->k, .rows = export_rows(export)};
    (void)format;
    if (export_analyse(export, job, error))
        return -1;
    return hubs_report(study_task(study), study->analysis, study->entries, &choice, report, error);
}

static int vector(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error)
{
    struct hubness hubness;
    if (export_analyse(export, job, error))
        return -1;
    const struct analysis *analysis = &export->study.analysis[export->study.entries - 1];
    uint32_t *occurrence = memory_array(analysis->gallery, sizeof *occurrence);
    int status = !occurrence || analysis_occurrence(analysis, export->k, occurrence, &hubness)
                     ? error_memory(error)
                     : format->vector(path, NPY_U32, occurrence, analysis->gallery, error);
    *rows = analysis->gallery;
    free(occurrence);
    return status;
}

const struct export_kind export_hubs = {
    .name = "hubs", .rules = EXPORT_TWO_RULES, .report = report, .lists = export_lists, .vector = vector};
