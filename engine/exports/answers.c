/* The current query's lists. */
#include "engine/results/answers.h"
#include "engine/base/memory.h"
#include "engine/evaluation/search.h"
#include "engine/exports/export.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>

enum { PLACES = 200 }; /* of a report: as many as the explorer shows */

struct answers {
    struct search *search[EXPORT_MODELS]; /* by task of the study */
    struct answer answer[STUDY_ENTRIES];
};

static void answers_free(struct answers *answers)
{
    for (int t = 0; t < EXPORT_MODELS; t++)
        search_free(answers->search[t]);
}

/* Searches once per model.  On failure nothing is left to free. */
static int search(const struct export_request *export, size_t places, struct answers *answers, struct error *error)
{
    const struct study *study = &export->study;
    *answers = (struct answers){0};
    for (size_t t = 0; t < study->tasks; t++) {
        size_t entry[STUDY_ENTRIES], count = study_entries_on(study, t, entry);
        struct fit *fit[STUDY_ENTRIES];
        for (size_t i = 0; i < count; i++)
            fit[i] = study->fit[entry[i]];
        if (!count)
            continue;
        answers->search[t] = search_run(study->task[t], export->vector[t], export->query, fit, count, places, error);
        if (!answers->search[t]) {
            answers_free(answers);
            return -1;
        }
        for (size_t i = 0; i < count; i++)
            answers->answer[entry[i]] = (struct answer){.search = answers->search[t], .list = i};
    }
    return 0;
}

static bool is_typed(const struct export_request *export)
{
    return export->vector[0] || export->vector[1];
}

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct task *task = study_task(&export->study);
    size_t row = export->query;
    bool typed = is_typed(export), known = !typed && task->target_start[row] < task->target_start[row + 1];
    const struct question question = {
        .why = UINT32_MAX,
        .only = export->order,
        .listed = export->shown,
        .text = export->text,
        .typed = typed ? &export->typed : NULL,
        .row = row,
        .target = known ? task->target[task->target_start[row]] : UINT32_MAX,
    };
    struct answers found;
    (void)format;
    (void)job;
    if (search(export, PLACES, &found, error))
        return -1;
    int status = answers_report(task, &question, found.answer, export->study.entries, report, error);
    answers_free(&found);
    return status;
}

/* The last rule's list. */
static int lists(struct export_request *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error)
{
    const struct study *study = &export->study;
    size_t last = study->entries - 1;
    const struct ruled ruled = {study_task_of(study, last), study->fit[last]};
    size_t query = is_typed(export) ? LISTS_TYPED : export->query;
    struct answers answers;
    (void)job;
    if (format->lists->no_rules)
        return is_typed(export)
                   ? error_set(error, ERROR_INPUT, "typed text has no judgements: choose an evaluation query with n")
                   : lists_write_one(&ruled, query, NULL, format, out, rows, error);
    if (search(export, format->lists->depth, &answers, error))
        return -1;
    const struct search *found = answers.answer[last].search;
    float *score = memory_floats(found->k);
    int status = score ? 0 : error_memory(error);
    if (status == 0) {
        const struct search_list *ranked = &found->list[answers.answer[last].list];
        const struct list list = {.item = ranked->item, .score = score, .count = found->k, .open = ranked->open};
        for (size_t i = 0; i < found->k; i++)
            score[i] = ranked->score[ranked->item[i]];
        status = lists_write_one(&ruled, query, &list, format, out, rows, error);
    }
    free(score);
    answers_free(&answers);
    return status;
}

static int vector(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error)
{
    struct answers answers;
    (void)job;
    if (search(export, 1, &answers, error))
        return -1;
    const struct answer *last = &answers.answer[export->study.entries - 1];
    *rows = last->search->m;
    int status = format->vector(path, NPY_F32, last->search->list[last->list].score, last->search->m, error);
    answers_free(&answers);
    return status;
}

const struct export_kind export_answers = {
    .name = "query", .rules = EXPORT_SHOWN_RULES, .report = report, .lists = lists, .vector = vector};
