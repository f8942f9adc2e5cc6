/* Every rule's measures, with their differences from the compared rule's. */
#include "engine/results/metrics.h"
#include "engine/exports/export.h"

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct study *study = &export->study;
    struct bootstrap bootstrap[STUDY_ENTRIES];
    const struct bootstrap *each[STUDY_ENTRIES] = {NULL};
    (void)format;
    if (export_analyse(export, job, error))
        return -1;
    for (size_t i = 0; i < study->entries; i++) {
        if (i == export->compared)
            continue;
        if (study_difference(study, export->compared, i, BOOTSTRAP_SAMPLES, 0, &bootstrap[i], job, error))
            return -1;
        each[i] = &bootstrap[i];
    }
    *report = metrics_report(study_task(study), study->analysis, study->entries, each);
    return 0;
}

const struct export_kind export_metrics = {
    .name = "metrics", .rules = EXPORT_ALL_RULES, .report = report, .lists = export_lists};
