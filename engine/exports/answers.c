/* The current query's lists. */
#include "engine/results/answers.h"
#include "engine/base/memory.h"
#include "engine/evaluation/search.h"
#include "engine/exports/export.h"
#include "engine/results/lists_write.h"
#include <stdlib.h>

enum { PLACES = 200 }; /* of a report: as many as the explorer shows */

/* Null on failure. */
static struct search *search(const struct export_request *export, size_t places, struct error *error)
{
    const struct study *study = &export->study;
    return search_run(study_task(study), export->vector, export->query, study->fit, study->entries, places, error);
}

static int report(struct export_request *export, const struct format *format, struct report *report, struct job *job,
                  struct error *error)
{
    const struct task *task = study_task(&export->study);
    struct answer answer[STUDY_ENTRIES];
    size_t row = export->query, count = export->study.entries;
    bool typed = export->vector, known = !typed && task->target_start[row] < task->target_start[row + 1];
    const struct question question = {
        .text = export->text,
        .encoding = typed ? &export->encoding : NULL,
        .row = row,
        .target = known ? task->target[task->target_start[row]] : UINT32_MAX,
    };
    struct search *found = search(export, PLACES, error);
    (void)format;
    (void)job;
    if (!found)
        return -1;
    for (size_t i = 0; i < count; i++)
        answer[i] = (struct answer){found, i};
    int status = answers_report(task, &question, answer, count, report, error);
    search_free(found);
    return status;
}

/* The last rule's list. */
static int lists(struct export_request *export, const struct format *format, FILE *out, size_t *rows, struct job *job,
                 struct error *error)
{
    const struct study *study = &export->study;
    const struct ruled ruled = {study_task(study), study->fit[study->entries - 1]};
    size_t query = export->vector ? LISTS_TYPED : export->query;
    (void)job;
    if (format->lists->no_rules)
        return export->vector
                   ? error_set(error, ERROR_INPUT, "typed text has no judgements: choose an evaluation query with n")
                   : lists_write_one(&ruled, query, NULL, format, out, rows, error);
    struct search *found = search(export, format->lists->depth, error);
    if (!found)
        return -1;
    float *score = memory_floats(found->k);
    int status = score ? 0 : error_memory(error);
    if (status == 0) {
        const struct search_list *last = &found->list[study->entries - 1];
        const struct list list = {.item = last->item, .score = score, .count = found->k, .open = last->open};
        for (size_t i = 0; i < found->k; i++)
            score[i] = last->score[last->item[i]];
        status = lists_write_one(&ruled, query, &list, format, out, rows, error);
    }
    free(score);
    search_free(found);
    return status;
}

static int vector(struct export_request *export, const struct format *format, const char *path, size_t *rows,
                  struct job *job, struct error *error)
{
    struct search *found = search(export, 1, error);
    (void)job;
    if (!found)
        return -1;
    *rows = found->m;
    int status = format->vector(path, NPY_F32, found->list[found->rules - 1].score, found->m, error);
    search_free(found);
    return status;
}

const struct export_kind export_answers = {
    .name = "query", .rules = EXPORT_SHOWN_RULES, .report = report, .lists = lists, .vector = vector};
