/* Exports of what is shown: gathered here, written on a separate thread. */
#include "ui/model/export_job.h"

#include "engine/base/memory.h"
#include "engine/results/format.h"
#include "engine/results/tsv.h"
#include "ui/model/bank_reports.h"
#include "ui/model/curves.h"
#include "ui/model/marks.h"
#include "ui/model/narrowing.h"
#include "ui/model/schedule.h"
#include "ui/model/shared_task.h"
#include "ui/model/worker.h"
#include "ui/terminal/clipboard.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export_work {
    struct work work;
    struct export_request export;
    struct shared_task *task[EXPORT_MODELS]; /* of the study, in its order */
    char path[PATH_MAX], shown[MODEL_TEXT];
    const struct format *format;
    bool replace;
    bool copies;  /* to the clipboard: no path */
    char *copied; /* the table */
    size_t copied_size;
    struct export_outcome outcome;
    int status;
    struct error error;
};

static void copy_run(struct export_work *e)
{
    FILE *out = open_memstream(&e->copied, &e->copied_size);

    if (!out) {
        e->status = error_memory(&e->error);
        return;
    }
    e->status = export_print(&e->export, out, e->format, &e->outcome, &e->work.job, &e->error);
    if (fclose(out) && !e->status)
        e->status = error_memory(&e->error);
}

static void export_run(struct work *work)
{
    struct export_work *e = (struct export_work *)work;

    if (e->copies)
        copy_run(e);
    else
        e->status = export_write(&e->export, e->path, e->format, e->replace, &e->outcome, &e->work.job, &e->error);
}

static void copy_land(const struct export_work *e, struct model *model)
{
    if (e->copied_size > CLIPBOARD_MAX)
        model_say(model, true, "%zu rows are too much to copy (%zu kB, at most %d): e writes a file", e->outcome.rows,
                  e->copied_size / 1000, CLIPBOARD_MAX / 1000);
    else if (clipboard_put(e->copied, e->copied_size))
        model_say(model, false, "%zu rows copied, if the terminal allows it", e->outcome.rows);
    else
        model_say(model, true, "the table could not be copied");
}

/* "raw and NCL" */
static void name_rules(const struct export_request *export, char *buffer, size_t size)
{
    size_t used = 0, count = export->study.entries;

    buffer[0] = 0;
    if (count > MODEL_COLUMNS)
        snprintf(buffer, size, "%zu rules", count);
    for (size_t i = 0; count <= MODEL_COLUMNS && i < count && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s%s%s",
                                 i == 0          ? ""
                                 : i + 1 < count ? ", "
                                                 : " and ",
                                 export->study.tasks > 1 ? export->study.key[i].model : "",
                                 export->study.tasks > 1 ? "/" : "", export->study.key[i].spec.rule->title);
}

static void export_land(struct work *work, struct model *model)
{
    struct export_work *e = (struct export_work *)work;
    char of[200] = "";

    if (e->status) {
        if (e->error.kind == ERROR_CANCELLED)
            model_say(model, false, "cancelled: nothing was written");
        else
            model_fail(model, &e->error);
        return;
    }
    if (e->copies) {
        copy_land(e, model);
        return;
    }
    name_rules(&e->export, of, sizeof of);
    if (e->export.kind->directory)
        model_say(model, false, "%zu files of %s written to %s", e->outcome.files, of, e->shown);
    else
        model_say(model, false, "%zu rows%s%s written to %s", e->outcome.rows, *of ? " of " : "", of, e->shown);
}

static void export_free(struct work *work)
{
    struct export_work *e = (struct export_work *)work;

    export_close(&e->export);
    for (int i = 0; i < EXPORT_MODELS && e->task[i]; i++)
        shared_task_release(&e->task[i]->task);
    free(e->copied);
    free(e);
}

static const struct errand export_errand = {.run = export_run, .land = export_land, .free = export_free};

/* Adds a rule's fit; -1 while it lags behind the parameters in force. */
static int add_rule(const struct model *model, enum direction direction, struct pick pick,
                    struct export_request *export, struct error *error)
{
    struct fit *fit = model_side(model, direction, pick)->fit[pick.rule];

    if (!fit && schedule_waits(model, direction, pick))
        return error_set(error, ERROR_INPUT, "%s was not fitted yet: Metrics fits every rule",
                         pick_name(model, pick).text);
    if (!fit || schedule_needs_fit(model, direction, pick))
        return error_set(error, ERROR_INPUT, "%s is still being fitted", pick_name(model, pick).text);
    return study_add_fit(&export->study, fit, error);
}

/* The rules in the view's order, or the compared one first. */
static size_t order_rules(const struct model *model, const struct exhibit *exhibit, struct pick picks[PICKS_MAX])
{
    struct pick listed[PICKS_MAX];
    size_t count = model_picks(model, listed), kept = 0;

    if (exhibit->picks) {
        memcpy(picks, exhibit->pick, exhibit->picks * sizeof *picks);
        return exhibit->picks;
    }
    picks[kept++] = model->versus;
    for (size_t i = 0; i < count; i++)
        if (!pick_same(listed[i], model->versus))
            picks[kept++] = listed[i];
    return kept;
}

static int add_all_rules(const struct model *model, const struct exhibit *exhibit, struct export_request *export,
                         struct error *error)
{
    struct pick picks[PICKS_MAX];
    size_t count = order_rules(model, exhibit, picks);

    for (size_t i = 0; i < count; i++) {
        const struct model_side *side = model_side(model, exhibit->direction, picks[i]);
        if (pick_same(picks[i], model->versus))
            export->compared = export->study.entries;
        else if (!side->task || side->unavailable[picks[i].rule] || side->failed[picks[i].rule][0])
            continue;
        if (add_rule(model, exhibit->direction, picks[i], export, error))
            return -1;
    }
    return 0;
}

static int add_rules(const struct model *model, const struct exhibit *exhibit, const struct format *format,
                     struct export_request *export, struct error *error)
{
    enum export_rules wanted = exhibit->kind->rules;
    struct pick shown[MODEL_COLUMNS];
    size_t count = 0;

    if (wanted == EXPORT_NO_RULES)
        return 0;
    if (wanted == EXPORT_ALL_RULES && (exhibit->kind->directory || format->report))
        return add_all_rules(model, exhibit, export, error);
    if (format->report && (wanted != EXPORT_SHOWN_RULES || model->columns > 1))
        shown[count++] = model->versus;
    if (format->report && wanted == EXPORT_SHOWN_RULES && model->columns > 2)
        shown[count++] = model->third;
    if (!count || !pick_same(shown[0], model->current))
        shown[count++] = model->current;
    for (size_t i = 0; i < count; i++)
        if (exhibit->kind != &export_answers || model_list(model, shown[i])) /* a model may have no encoder */
            if (add_rule(model, exhibit->direction, shown[i], export, error))
                return -1;
    return 0;
}

/* The vector that a model's encoder made of the typed text. */
static int add_vector(const struct search *search, size_t dimension, float **vector, struct error *error)
{
    if (!search) /* it has no encoder */
        return 0;
    if (!search->vector)
        return error_set(error, ERROR_INPUT, "the results for this text have not arrived yet");
    if (!(*vector = memory_floats(dimension)))
        return error_memory(error);
    memcpy(*vector, search->vector, dimension * sizeof **vector);
    return 0;
}

static int add_question(const struct model *model, struct export_request *export, struct error *error)
{
    const struct pick shown[EXPORT_MODELS] = {model->current, model->versus};

    if (!model_answered(model))
        return error_set(error, ERROR_INPUT, "there are no results to export: / types a query");
    export->query = model->query;
    export->typed = model_reader(model)->typed;
    if (!(export->text = memory_text(model->text)))
        return error_memory(error);
    for (size_t t = 0; t < export->study.tasks && model->query == NO_QUERY; t++)
        if (add_vector(model_search(model, shown[t]), model_source(model, shown[t])->model->dimension,
                       &export->vector[t], error))
            return -1;
    return 0;
}

static int add_curve(struct model *model, enum direction direction, struct export_request *export, struct error *error)
{
    const struct model_curve *curve = model_curve(model, direction);

    if (!curve || curve->known < curve->count)
        return error_set(error, ERROR_INPUT,
                         curve ? "the curve is still being measured" : "there is no curve to export");
    if (!(export->sweep.point = memory_array(curve->count, sizeof *curve->point)))
        return error_memory(error);
    memcpy(export->sweep.point, curve->point, curve->count * sizeof *curve->point);
    export->sweep.count = curve->count;
    return 0;
}

/* The subset that the exported measures are of, as in the view. */
static int add_subset(const struct model *model, const struct exhibit *exhibit, struct export_request *export,
                      struct error *error)
{
    const struct subset *subset = narrowing_subset(model->narrowing, exhibit->direction);
    bool measures = exhibit->kind == &export_hubs || exhibit->kind == &export_mass || exhibit->kind == &export_shifts ||
                    exhibit->kind == &export_metrics;

    return subset && measures && subset_copy(&export->subset, subset) ? error_memory(error) : 0;
}

static int gather(struct model *model, const struct exhibit *exhibit, struct export_work *e, struct error *error)
{
    struct export_request *export = &e->export;

    if (exhibit->kind == &export_answers && add_question(model, export, error))
        return -1;
    if (add_subset(model, exhibit, export, error))
        return -1;
    if (exhibit->kind == &export_sweep && add_curve(model, exhibit->direction, export, error))
        return -1;
    if (exhibit->kind == &export_banks)
        export->bank_specs = bank_reports_specs(model, export->bank_spec);
    return add_rules(model, exhibit, e->format, export, error);
}

/* `path` null: copies. */
static int begin(struct model *model, struct exhibit *exhibit, const char *path, const char *shown, bool replace,
                 struct error *error)
{
    const struct task *task = model_side(model, exhibit->direction, model->current)->task;
    const struct task *versus = model_side(model, exhibit->direction, model->versus)->task;
    struct export_work *e = NULL;
    const struct format *format = path ? NULL : &tsv;
    int status = -1;

    if (!worker_lane_idle(model->worker, LANE_FILE))
        error_set(error, ERROR_INPUT, "another file is being written: Ctrl-C cancels it");
    else if (!task)
        error_set(error, ERROR_INPUT, "there is nothing to export in this direction");
    else if (path && strlen(path) >= sizeof e->path)
        error_set(error, ERROR_INPUT, "the file name is too long");
    else if (path && !exhibit->kind->directory &&
             !(format = format_choose_path(export_contents(exhibit->kind), "this table", path, error)))
        status = -1; /* `error` is set */
    else if (!(e = memory_array(1, sizeof *e)))
        error_memory(error);
    else {
        e->work.errand = &export_errand;
        e->task[0] = shared_task_keep(task);
        e->format = format;
        e->replace = replace;
        e->copies = !path;
        snprintf(e->path, sizeof e->path, "%s", path ? path : "");
        snprintf(e->shown, sizeof e->shown, "%s", shown);
        e->export.kind = exhibit->kind;
        study_over(&e->export.study, task);
        if (versus && versus != task) {
            e->task[1] = shared_task_keep(versus);
            study_also(&e->export.study, versus);
        }
        e->export.k = exhibit->k;
        e->export.order = exhibit->order;
        e->export.shown = exhibit->shown;
        exhibit->order = NULL;
        status = gather(model, exhibit, e, error);
    }
    free(exhibit->order);
    exhibit->order = NULL;
    if (status) {
        if (e)
            export_free(&e->work);
        return -1;
    }
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (path)
        snprintf(e->work.what, WORK_WHAT, "writing %.60s", slash && slash[1] ? slash + 1 : path);
    else
        snprintf(e->work.what, WORK_WHAT, "copying");
    worker_post(model->worker, LANE_FILE, &e->work);
    return 0;
}

bool exhibit_marked(const struct model *model, struct exhibit *exhibit)
{
    *exhibit = (struct exhibit){.kind = &export_marked, .direction = T2V, .k = analysis_k[ANALYSIS_KS - 1]};
    exhibit->order = model_marked(model, &exhibit->shown);
    return exhibit->order;
}

bool exhibit_keep_marked(const struct model *model, struct exhibit *exhibit)
{
    bool queries = exhibit->kind == &export_shifts;
    size_t kept = 0;

    if (!model_marks(model))
        return true;
    if (exhibit->kind == &export_answers) {
        free(exhibit->order);
        return exhibit_marked(model, exhibit);
    }
    if (!exhibit->order)
        return true;
    for (size_t i = 0; i < exhibit->shown; i++) {
        uint32_t row = exhibit->order[i];
        if (model_is_marked(model, queries ? model->collection->target[row] : row))
            exhibit->order[kept++] = row;
    }
    exhibit->shown = kept;
    return kept > 0;
}

int model_export(struct model *model, struct exhibit *exhibit, const char *path, const char *shown, bool replace,
                 struct error *error)
{
    return begin(model, exhibit, path, shown, replace, error);
}

int model_copy(struct model *model, struct exhibit *exhibit, struct error *error)
{
    if (!exhibit->kind->report) {
        free(exhibit->order);
        exhibit->order = NULL;
        return error_set(error, ERROR_INPUT, "this view has no table to copy");
    }
    return begin(model, exhibit, NULL, "", false, error);
}
