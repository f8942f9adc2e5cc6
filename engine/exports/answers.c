/* The current query's lists. */
#include "engine/base/memory.h"
#include "engine/evaluation/search.h"
#include "engine/exports/export.h"
#include "engine/formats/npy.h"
#include "engine/results/answers.h"
#include "engine/results/lists_write.h"
#include "engine/results/trec.h"
#include <stdlib.h>

enum { PLACES = 200 }; /* of a report: as many as the explorer has */

/* Null on failure. */
static struct search *search(const struct export *export, size_t places, struct error *error)
{
    const struct study *study = &export->study;
    return search_run(study_task(study), export->vector, export->query, study->fit, study->entries, places, error);
}

static int report(struct export *export, enum format format, struct report *report, struct job *job,
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
static int put_list(const struct export *export, struct trec *trec, const char *query, FILE *out, size_t *rows,
                    struct error *error)
{
    const struct study *study = &export->study;
    const struct ruled ruled = {study_task(study), study->fit[study->entries - 1]};
    struct search *found = search(export, LISTS_DEPTH_TREC, error);
    char tag[TREC_NAME];
    if (!found)
        return -1;
    float *score = memory_floats(found->k);
    int status = score ? 0 : error_memory(error);
    if (status == 0) {
        const struct search_list *last = &found->list[study->entries - 1];
        const struct list list = {.item = last->item, .score = score, .count = found->k, .open = last->open};
        for (size_t i = 0; i < found->k; i++)
            score[i] = last->score[last->item[i]];
        trec_tag(&ruled, trec->task, tag, sizeof tag);
        *rows = list.count;
        status = trec_put_list(out, trec, query, &list, tag, error);
    }
    free(score);
    search_free(found);
    return status;
}

static int lists(struct export *export, enum format format, FILE *out, size_t *rows, struct job *job,
                 struct error *error)
{
    char query[TREC_NAME] = "typed";
    struct trec trec;
    (void)job;
    if (format == FORMAT_QRELS && export->vector)
        return error_set(error, ERROR_INPUT, "typed text has no judgements: n takes an evaluation query");
    if (trec_open(&trec, study_task(&export->study), error))
        return -1;
    int status = export->vector ? 0 : trec_query(&trec, export->query, query, sizeof query, error);
    if (status == 0)
        status = format == FORMAT_QRELS ? trec_put_targets(out, &trec, export->query, rows, error)
                                        : put_list(export, &trec, query, out, rows, error);
    trec_close(&trec);
    return status;
}

static int vector(struct export *export, const char *path, size_t *rows, struct job *job, struct error *error)
{
    struct search *found = search(export, 1, error);
    (void)job;
    if (!found)
        return -1;
    *rows = found->m;
    int status = npy_write(path, NPY_F32, found->list[found->rules - 1].score, found->m, 0, error);
    search_free(found);
    return status;
}

const struct export_kind export_answers = {
    .name = "query", .rules = EXPORT_SHOWN_RULES, .report = report, .lists = lists, .vector = vector};
