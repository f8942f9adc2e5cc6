#include "engine/exports/export.h"
#include "engine/collection/collection.h"
#include "engine/formats/output.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>

int export_analyse(struct export_request *export, struct job *job, struct error *error)
{
    export->study.subset = export->subset.item ? &export->subset : NULL;
    return study_analyse(&export->study, export->k > ANALYSIS_TOP ? export->k : ANALYSIS_TOP, job, error);
}

struct choice export_rows(const struct export_request *export)
{
    return (struct choice){.order = export->order, .shown = export->order ? export->shown : CHOICE_ALL};
}

int export_lists(struct export_request *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error)
{
    const struct study *study = &export->study;
    size_t last = study->entries - 1;
    const struct ruled ruled = {study_task_of(study, last), study->fit[last]};
    return lists_write(study_task(study), &ruled, 1, format->lists->depth, format, &out, rows, job, error);
}

unsigned export_contents(const struct export_kind *kind)
{
    return (kind->report ? FORMAT_REPORT : 0) | (kind->lists ? FORMAT_LISTS : 0) | (kind->vector ? FORMAT_VECTOR : 0);
}

static int put_report(struct export_request *export, const struct format *format, FILE *out, size_t *rows,
                      struct job *job, struct error *error)
{
    struct report report = {0};
    struct catalog *catalog = study_task(&export->study)->collection->catalog;
    if (catalog)
        catalog_check_read(catalog, NULL); /* of earlier queries */
    int status = export->kind->report(export, format, &report, job, error);
    status = status ? status : format->report(&report, out, error);
    *rows = status ? 0 : report_rows(&report);
    report_close(&report);
    return status;
}

int export_print(struct export_request *export, FILE *out, const struct format *format, struct export_outcome *outcome,
                 struct job *job, struct error *error)
{
    *outcome = (struct export_outcome){0};
    return put_report(export, format, out, &outcome->rows, job, error);
}

int export_write(struct export_request *export, const char *path, const struct format *format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error)
{
    const struct export_kind *kind = export->kind;
    struct output output;
    *outcome = (struct export_outcome){.files = 1};
    if (kind->directory)
        return kind->directory(export, path, replace, &outcome->files, job, error);
    if (output_open(&output, path, replace, error))
        return -1;
    bool report = kind->report && format->report, lists = kind->lists && format->lists;
    if (!report && !lists) {
        output_abandon(&output); /* opened only to fail early */
        return kind->vector(export, format, path, &outcome->rows, job, error);
    }
    int status = report ? put_report(export, format, output.stream, &outcome->rows, job, error)
                        : kind->lists(export, format, output.stream, &outcome->rows, job, error);
    if (status == 0)
        return output_commit(&output, error);
    output_abandon(&output);
    return -1;
}

void export_close(struct export_request *export)
{
    study_close(&export->study);
    subset_close(&export->subset);
    free(export->order);
    free(export->text);
    for (int i = 0; i < EXPORT_MODELS; i++)
        free(export->vector[i]);
    sweep_close(&export->sweep);
    *export = (struct export_request){0};
}
