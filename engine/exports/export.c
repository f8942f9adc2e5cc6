#include "engine/exports/export.h"
#include "engine/formats/output.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>

int export_analyse(struct export *export, struct job *job, struct error *error)
{
    return study_analyse(&export->study, export->k > ANALYSIS_TOP ? export->k : ANALYSIS_TOP, job, error);
}

struct choice export_rows(const struct export *export)
{
    return (struct choice){.order = export->order, .shown = export->order ? export->shown : CHOICE_ALL};
}

int export_lists(struct export *export, enum format format, FILE *out, size_t *rows, struct job *job,
                 struct error *error)
{
    const struct study *study = &export->study;
    const struct ruled ruled = {study_task(study), study->fit[study->entries - 1]};
    return lists_write(study_task(study), &ruled, 1, LISTS_DEPTH_TREC, format, &out, rows, job, error);
}

static bool is_lists(enum format format)
{
    return format == FORMAT_TREC || format == FORMAT_QRELS;
}

/* Whether it can be made in the format; else the error says in which it can. */
static int check(const struct export_kind *kind, enum format format, struct error *error)
{
    if (format == FORMAT_NPY ? !kind->vector : is_lists(format) ? !kind->lists : !kind->report)
        return error_set(error, ERROR_INPUT, "this table can be .csv, .json%s or .txt",
                         kind->lists ? ", .run, .qrels" : "");
    return 0;
}

static int put_report(struct export *export, enum format format, FILE *out, size_t *rows, struct job *job,
                      struct error *error)
{
    struct report report = {0};
    int status = export->kind->report(export, format, &report, job, error);
    status = status ? status : report_write(&report, format, out, error);
    *rows = status ? 0 : report_rows(&report);
    report_close(&report);
    return status;
}

int export_write(struct export *export, const char *path, enum format format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error)
{
    const struct export_kind *kind = export->kind;
    struct output output;
    *outcome = (struct export_outcome){.files = 1};
    if (kind->directory)
        return kind->directory(export, path, replace, &outcome->files, job, error);
    if (check(kind, format, error) || output_open(&output, path, replace, error))
        return -1;
    if (format == FORMAT_NPY) {
        output_abandon(&output); /* it could be written */
        return kind->vector(export, path, &outcome->rows, job, error);
    }
    int status = is_lists(format) ? kind->lists(export, format, output.stream, &outcome->rows, job, error)
                                  : put_report(export, format, output.stream, &outcome->rows, job, error);
    if (status == 0)
        return output_commit(&output, error);
    output_abandon(&output);
    return -1;
}

void export_close(struct export *export)
{
    study_close(&export->study);
    free(export->order);
    free(export->text);
    free(export->vector);
    sweep_close(&export->sweep);
    *export = (struct export){0};
}
