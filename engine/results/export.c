#include "engine/results/export.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/bank_report.h"
#include "engine/evaluation/bootstrap.h"
#include "engine/collection/collection.h"
#include "engine/formats/npy.h"
#include "engine/formats/output.h"
#include "engine/base/memory.h"
#include "engine/results/answers.h"
#include "engine/results/banks.h"
#include "engine/results/hubs.h"
#include "engine/results/lists_write.h"
#include "engine/results/mass.h"
#include "engine/results/metrics.h"
#include "engine/results/shifts.h"
#include "engine/results/sweep.h"
#include "engine/results/trec.h"
#include "engine/results/vectors.h"
#include "engine/evaluation/search.h"
#include <stdlib.h>

enum { PLACES = 200 }; /* of a query's lists, as the explorer has them */

static int search(const struct export *export, size_t places, struct search **found, struct error *error)
{
    *found = search_run(export->task, export->vector, export->query, export->fit, export->fits, places, error);
    return *found ? 0 : -1;
}

static int make_answers(const struct export *export, struct report *report, struct error *error)
{
    const struct task *task = export->task;
    struct answer answer[RULES_MAX];
    struct search *found;
    bool typed = export->vector, known = !typed && task->target_start[export->query] < task->target_start[export->query + 1];
    const struct question question = {
        .text = export->text,
        .encoding = typed ? &export->encoding : NULL,
        .row = export->query,
        .target = known ? task->target[task->target_start[export->query]] : UINT32_MAX,
    };
    if (search(export, PLACES, &found, error)) {
        return -1;
    }
    for (size_t i = 0; i < export->fits; i++) {
        answer[i] = (struct answer){found, i};
    }
    int status = answers_report(task, &question, answer, export->fits, report, error);
    search_free(found);
    return status;
}

static int make_banks(const struct export *export, struct report *report, struct job *job, struct error *error)
{
    const struct collection *collection = export->task->collection;
    struct bank_report *found = memory_array(collection->banks, sizeof *found);
    size_t made = 0;
    int status = found ? 0 : error_memory(error);
    while (status == 0 && made < collection->banks) {
        struct task task;
        status = task_open(&task, collection, T2V, collection->bank[made].name, error);
        if (status == 0) {
            status = bank_report_make(&task, export->bank_spec, export->bank_specs, &found[made], job, error);
            task_close(&task);
        }
        made += status == 0;
    }
    if (status == 0) {
        status = banks_report(export->task, found, made, report, error);
    }
    for (size_t i = 0; i < made; i++) {
        bank_report_close(&found[i]);
    }
    free(found);
    return status;
}

static int make_metrics(const struct export *export, const struct analysis *analyses, struct report *report,
                        struct job *job, struct error *error)
{
    struct bootstrap bootstrap[RULES_MAX];
    const struct bootstrap *each[RULES_MAX] = {NULL};
    for (size_t i = 1; i < export->fits; i++) {
        if (bootstrap_paired(analyses[0].rank, analyses[i].rank, analyses[i].queries, BOOTSTRAP_SAMPLES, 0,
                             &bootstrap[i], job, error)) {
            return -1;
        }
        each[i] = &bootstrap[i];
    }
    *report = metrics_report(export->task, analyses, export->fits, each);
    return 0;
}

static int make_shifts(const struct export *export, const struct analysis *analyses, struct report *report,
                       struct job *job, struct error *error)
{
    const struct analysis *from = &analyses[0], *to = &analyses[export->fits - 1];
    const struct choice choice = {.order = export->order, .shown = export->order ? export->shown : CHOICE_ALL};
    struct bootstrap bootstrap;
    if (bootstrap_paired(from->rank, to->rank, to->queries, BOOTSTRAP_SAMPLES, 0, &bootstrap, job, error)) {
        return -1;
    }
    return shifts_report(export->task, from, to, &bootstrap, &choice, report, error);
}

static int make_of_analyses(const struct export *export, const struct analysis *analyses, enum format format,
                            struct report *report, struct job *job, struct error *error)
{
    const struct choice rows = {.order = export->order, .shown = export->order ? export->shown : CHOICE_ALL};
    const struct hubs_choice hubs = {.k = export->k, .rows = rows};
    const struct mass_choice mass = {.rows = rows, .whole_curve = format == FORMAT_CSV};
    switch (export->table) {
    case EXPORT_HUBS:
        return hubs_report(export->task, analyses, export->fits, &hubs, report, error);
    case EXPORT_MASS:
        return mass_report(export->task, analyses, export->fits, &mass, report, error);
    case EXPORT_SHIFTS:
        return make_shifts(export, analyses, report, job, error);
    default:
        return make_metrics(export, analyses, report, job, error);
    }
}

static int analyse(const struct export *export, struct analysis *analyses, struct job *job, struct error *error)
{
    size_t top = export->k > ANALYSIS_TOP ? export->k : ANALYSIS_TOP;
    return analysis_run_top(export->task, export->fit, export->fits, top, analyses, job, error);
}

static void close_analyses(const struct export *export, struct analysis *analyses)
{
    for (size_t i = 0; i < export->fits; i++) {
        analysis_close(&analyses[i]);
    }
}

static int make_report(const struct export *export, enum format format, struct report *report, struct job *job,
                       struct error *error)
{
    struct analysis analyses[RULES_MAX];
    switch (export->table) {
    case EXPORT_ANSWERS:
        return make_answers(export, report, error);
    case EXPORT_SWEEP:
        *report = sweep_report(export->task, &export->sweep, sweep_best(&export->sweep, GOAL_R1), NULL);
        return 0;
    case EXPORT_BANKS:
        return make_banks(export, report, job, error);
    default:
        break;
    }
    if (analyse(export, analyses, job, error)) {
        return -1;
    }
    int status = make_of_analyses(export, analyses, format, report, job, error);
    close_analyses(export, analyses);
    return status;
}

/* The lists of one query as a run, or its judgements. */
static int put_answers(const struct export *export, enum format format, FILE *out, size_t *rows, struct error *error)
{
    const struct task *task = export->task;
    struct ruled ruled = {task, export->fit[export->fits - 1]};
    char query[TREC_NAME] = "typed", tag[TREC_NAME];
    struct trec trec;
    struct search *found = NULL;
    float *score = NULL;
    if (trec_open(&trec, task, error)) {
        return -1;
    }
    int status = export->vector ? 0 : trec_query(&trec, export->query, query, sizeof query, error);
    if (format == FORMAT_QRELS) {
        status = status ? status : trec_put_targets(out, &trec, export->query, rows, error);
        trec_close(&trec);
        return status;
    }
    status = status ? status : search(export, LISTS_DEPTH_TREC, &found, error);
    if (status == 0 && !(score = memory_floats(found->k))) {
        status = error_memory(error);
    }
    if (status == 0) {
        const struct search_list *best = &found->list[export->fits - 1];
        const struct list list = {.item = best->item, .score = score, .count = found->k, .open = best->open};
        for (size_t i = 0; i < found->k; i++) {
            score[i] = best->score[best->item[i]];
        }
        trec_tag(&ruled, task, tag, sizeof tag);
        *rows = list.count;
        status = trec_put_list(out, &trec, query, &list, tag, error);
    }
    free(score);
    search_free(found);
    trec_close(&trec);
    return status;
}

static int put_trec(const struct export *export, enum format format, FILE *out, size_t *rows, struct job *job,
                    struct error *error)
{
    struct ruled ruled = {export->task, export->fit[export->fits - 1]};
    if (export->table == EXPORT_ANSWERS) {
        return put_answers(export, format, out, rows, error);
    }
    return lists_write(export->task, &ruled, 1, LISTS_DEPTH_TREC, format, &out, rows, job, error);
}

static int write_vector(const struct export *export, const char *path, size_t *rows, struct job *job,
                        struct error *error)
{
    struct export last = *export; /* the current rule alone */
    struct analysis analysis;
    uint32_t *occurrence = NULL;
    struct hubness hubness;
    last.fit[0] = export->fit[export->fits - 1];
    last.fits = 1;
    if (export->table == EXPORT_ANSWERS) {
        struct search *found;
        if (search(&last, 1, &found, error)) {
            return -1;
        }
        *rows = found->m;
        int status = npy_write(path, NPY_F32, found->list[0].score, found->m, 0, error);
        search_free(found);
        return status;
    }
    if (analyse(&last, &analysis, job, error)) {
        return -1;
    }
    int status = -1;
    *rows = export->table == EXPORT_SHIFTS ? analysis.queries : analysis.gallery;
    if (export->table == EXPORT_SHIFTS) {
        status = npy_write(path, NPY_F64, analysis.rank, analysis.queries, 0, error);
    } else if (export->table == EXPORT_MASS && !analysis.mass) {
        error_set(error, ERROR_INPUT, "%s orders without probabilities: it has no mass", last.fit[0]->spec.rule->title);
    } else if (export->table == EXPORT_MASS) {
        status = npy_write(path, NPY_F64, analysis.mass, analysis.gallery, 0, error);
    } else if (!(occurrence = memory_array(analysis.gallery, sizeof *occurrence)) ||
               analysis_occurrence(&analysis, export->k, occurrence, &hubness)) {
        error_memory(error);
    } else {
        status = npy_write(path, NPY_U32, occurrence, analysis.gallery, 0, error);
    }
    free(occurrence);
    analysis_close(&analysis);
    return status;
}

/* Whether the table has the format; else the error says what it has. */
static int check(const struct export *export, enum format format, struct error *error)
{
    bool rows = export->table <= EXPORT_SHIFTS, trec = rows || export->table == EXPORT_METRICS;
    if (format == FORMAT_QRELS && export->table == EXPORT_ANSWERS && export->vector) {
        return error_set(error, ERROR_INPUT, "typed text has no judgements: n takes an evaluation query");
    }
    if ((format == FORMAT_NPY && !rows) || ((format == FORMAT_TREC || format == FORMAT_QRELS) && !trec)) {
        return error_set(error, ERROR_INPUT, "this table can be .csv, .json%s or .txt", trec ? ", .run, .qrels" : "");
    }
    return 0;
}

static int write_vectors(const struct export *export, const char *path, bool replace, struct export_outcome *outcome,
                         struct job *job, struct error *error)
{
    struct analysis analyses[RULES_MAX];
    if (analyse(export, analyses, job, error)) {
        return -1;
    }
    int status = vectors_write(export->task, analyses, export->fits, path, replace, &outcome->files, error);
    close_analyses(export, analyses);
    return status;
}

int export_write(const struct export *export, const char *path, enum format format, bool replace,
                 struct export_outcome *outcome, struct job *job, struct error *error)
{
    struct report report = {0};
    struct output output;
    *outcome = (struct export_outcome){.files = 1};
    if (export->table == EXPORT_VECTORS) {
        return write_vectors(export, path, replace, outcome, job, error);
    }
    if (check(export, format, error) || output_open(&output, path, replace, error)) {
        return -1;
    }
    if (format == FORMAT_NPY) {
        output_abandon(&output); /* it could be written */
        return write_vector(export, path, &outcome->rows, job, error);
    }
    int status;
    if (format == FORMAT_TREC || format == FORMAT_QRELS) {
        status = put_trec(export, format, output.stream, &outcome->rows, job, error);
    } else {
        status = make_report(export, format, &report, job, error);
        status = status ? status : report_write(&report, format, output.stream, error);
        outcome->rows = status ? 0 : report_rows(&report);
        report_close(&report);
    }
    if (status == 0) {
        return output_commit(&output, error);
    }
    output_abandon(&output);
    return -1;
}

void export_close(struct export *export)
{
    free(export->order);
    free(export->text);
    free(export->vector);
    sweep_close(&export->sweep);
    *export = (struct export){0};
}
