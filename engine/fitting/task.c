#include "engine/fitting/task.h"
#include "engine/base/crew.h"
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/matrices/gemm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pairs of query and relevant video, sorted by query. */
struct judged {
    size_t count;
    uint32_t *query, *video; /* (count) ascending by query, then by video */
    const float *grade;      /* (count) or null */
};

static int judged_open(struct judged *judged, const struct collection *collection)
{
    const struct relevance *relevance = &collection->relevance;
    size_t queries = collection->queries, most = relevance->start ? relevance->start[queries] : queries;

    *judged = (struct judged){.query = memory_array(most, sizeof *judged->query),
                              .video = memory_array(most, sizeof *judged->video)};
    if (!judged->query || !judged->video)
        return -1;
    if (relevance->start) {
        for (size_t q = 0; q < queries; q++)
            for (size_t i = relevance->start[q]; i < relevance->start[q + 1]; i++)
                judged->query[i] = (uint32_t)q;
        memcpy(judged->video, relevance->video, most * sizeof *judged->video);
        judged->grade = relevance->grade;
        judged->count = most;
        return 0;
    }
    for (size_t q = 0; q < queries; q++)
        if (collection->target[q] < collection->videos) {
            judged->query[judged->count] = (uint32_t)q;
            judged->video[judged->count++] = collection->target[q];
        }
    return 0;
}

static void judged_close(struct judged *judged)
{
    free(judged->query);
    free(judged->video);
}

/* Groups the judgements by row of[i] (below `rows`), with targets to[i], into start, target and grade of the task. */
static int place(struct task *task, const struct judged *judged, const uint32_t *of, const uint32_t *to, size_t rows)
{
    uint32_t *start = task->target_start = memory_array(rows + 2, sizeof *start);

    task->target = memory_array(judged->count, sizeof *task->target);
    task->grade = judged->grade ? memory_floats(judged->count) : NULL;
    if (!start || !task->target || (judged->grade && !task->grade))
        return -1;
    for (size_t i = 0; i < judged->count; i++)
        start[of[i] + 2]++;
    for (size_t row = 0; row < rows; row++) {
        task->several = task->several || start[row + 2] > 1 || judged->grade;
        start[row + 2] += start[row + 1];
    }
    for (size_t i = 0; i < judged->count; i++) { /* start[row + 1] is where the row's next target goes */
        uint32_t at = start[of[i] + 1]++;
        task->target[at] = to[i];
        if (task->grade)
            task->grade[at] = judged->grade[i];
    }
    return 0;
}

/* v2t: keeps only videos with captions as queries. */
static int drop_videos_without_captions(struct task *task, size_t videos)
{
    uint32_t *start = task->target_start;
    size_t rows = 0;

    if (!(task->query_row = memory_array(videos, sizeof *task->query_row)))
        return -1;
    for (size_t v = 0; v < videos; v++)
        if (start[v + 1] > start[v]) {
            task->query_row[rows++] = (uint32_t)v;
            start[rows] = start[v + 1];
        }
    task->s.rows = rows;
    return 0;
}

static int set_targets(struct task *task, const struct collection *collection)
{
    struct judged judged;
    int status = judged_open(&judged, collection);

    if (status == 0 && task->direction == T2V)
        status = place(task, &judged, judged.query, judged.video, collection->queries);
    else if (status == 0)
        status = place(task, &judged, judged.video, judged.query, collection->videos) ||
                         drop_videos_without_captions(task, collection->videos)
                     ? -1
                     : 0;
    judged_close(&judged);
    return status;
}

int task_open(struct task *task, const struct collection *collection, const struct collection_model *named,
              enum direction direction, const char *bank, struct error *error)
{
    bool t2v = direction == T2V;
    struct error why = {0};
    const struct collection_model *model = named ? named : collection->model[0];
    const struct bank *chosen = collection_model_choose_bank(model, !t2v, bank, &why);

    *task = (struct task){
        .collection = collection, .model = model, .direction = direction, .logit_scale = model->logit_scale};
    if (why.kind) {
        if (error)
            *error = why;
        return -1;
    }
    const struct matrix *gallery = t2v ? &model->video : &model->query;
    task->s.rows = collection->queries;
    task->s.cols = task->b.cols = t2v ? collection->videos : collection->queries;
    if (model->stored) {
        task->s.stored = &model->query;
        task->s.transposed = !t2v;
    } else {
        task->s.left = t2v ? &model->query : &model->video;
        task->s.right = task->b.right = gallery;
        task->s.codes = t2v && model->index.rows ? &model->index : NULL;
    }
    if (set_targets(task, collection)) {
        task_close(task);
        return error_memory(error);
    }
    task->s.row_map = task->query_row;
    if (!t2v && task->s.rows == 0) {
        task_close(task);
        return error_set(error, ERROR_INPUT, item_text("%s has no captions that belong to a video: v2t needs some"),
                         collection->name[0] ? collection->name : "the collection");
    }
    task->bank_name = chosen ? chosen->name : "";
    snprintf(task->bank_subset.name, sizeof task->bank_subset.name, "%s", task->bank_name);
    task_gallery_bank(task, NULL, NULL); /* the first, if any */
    if (chosen) {
        task->b.rows = chosen->matrix.rows;
        *(model->stored ? &task->b.stored : &task->b.left) = &chosen->matrix;
    }
    return 0;
}

int task_check(const struct task *task, struct job *job, struct error *error)
{
    const struct sims banks = task->model ? task_bank_gallery(task) : (struct sims){0};
    const struct sims *sims[] = {&task->s, &task->b, &task->g, &banks};
    const char *path = task->collection ? task->collection->path : NULL;

    for (size_t i = 0; i < sizeof sims / sizeof *sims; i++) {
        const struct matrix *matrices[] = {sims[i]->left, sims[i]->right, sims[i]->stored};
        for (size_t k = 0; k < sizeof matrices / sizeof *matrices; k++)
            if (collection_model_check(task->model, path, matrices[k], job, error))
                return -1;
    }
    if (crew_same("finite", sizeof "finite", "found other values", error)) /* no process goes on if one has refused */
        return -1;
    return task->s.stored ? 0 : gemm_open(error);
}

void task_without_bank(struct task *task)
{
    task->b = (struct sims){.cols = task->b.cols, .right = task->b.right};
    task->bank_name = "";
    task->bank_subset = (struct bank_subset){0};
}

void task_without_gallery_bank(struct task *task)
{
    task->g = (struct sims){.cols = task->s.cols};
    task->gallery_bank_name = "";
}

/* Uses the second bank that came from files, if no other is named. */
static void use_second_bank(struct task *task)
{
    const struct second_bank *second = &task->model->second;

    task->gallery_bank_name = second->name;
    if (second->matrix.rows)
        task->g = (struct sims){
            .rows = second->matrix.rows, .cols = task->s.cols, .left = &second->matrix, .right = task->s.right};
    else if (second->gallery_bank_sims.rows && task->direction == T2V)
        task->g = (struct sims){
            .rows = second->gallery_bank_sims.rows, .cols = task->s.cols, .stored = &second->gallery_bank_sims};
}

int task_gallery_bank(struct task *task, const char *name, struct error *error)
{
    struct error why = {0};
    const struct bank *bank = collection_model_choose_bank(task->model, task->direction == T2V, name, &why);

    if (why.kind) {
        if (error)
            *error = why;
        return -1;
    }
    task->g = (struct sims){.cols = task->s.cols};
    task->gallery_bank_name = bank ? bank->name : "";
    if (!name && task->model->second.name[0])
        use_second_bank(task);
    else if (bank && !task->model->stored)
        task->g = (struct sims){
            .rows = bank->matrix.rows, .cols = task->s.cols, .left = &bank->matrix, .right = task->s.right};
    return 0;
}

struct sims task_bank_gallery(const struct task *task)
{
    const struct matrix *stored = &task->model->second.bank_gallery_sims;
    struct sims sims = task->b;

    if (task->b.left && task->g.left) {
        sims.right = task->g.left;
        sims.cols = task->g.rows;
        return sims;
    }
    if (task->b.stored && task->direction == T2V && stored->rows == task->b.stored->rows) {
        sims.stored = stored;
        sims.cols = stored->cols;
        return sims;
    }
    return (struct sims){0};
}

/* Undoes drop_videos_without_captions. */
static int keep_all_videos(struct task *task)
{
    size_t videos = task->collection->videos, kept = 0;
    uint32_t *start = memory_array(videos + 1, sizeof *start), *row = memory_array(videos, sizeof *row);

    if (!start || !row) {
        free(start);
        free(row);
        return -1;
    }
    for (size_t v = 0; v < videos; v++) {
        kept += kept < task->s.rows && task->query_row[kept] == v;
        row[v] = (uint32_t)v;
        start[v + 1] = task->target_start[kept];
    }
    free(task->target_start);
    free(task->query_row);
    task->target_start = start;
    task->s.row_map = task->query_row = row;
    task->s.rows = videos;
    return 0;
}

int task_follow(struct task *task, const struct conventions *conventions, struct error *error)
{
    if (task->direction == T2V)
        return 0;
    task->conventions = *conventions;
    if (conventions->keep_masked && keep_all_videos(task))
        return error_memory(error);
    task->videos = conventions->videos ? task->collection->videos : 0;
    return 0;
}

size_t task_without_captions(const struct task *task)
{
    if (task->direction == T2V)
        return 0;
    size_t without = task->collection->videos - task_queries(task);
    for (size_t q = 0; q < task_queries(task); q++)
        without += task->target_start[q] == task->target_start[q + 1];
    return without;
}

void task_close(struct task *task)
{
    free(task->target_start);
    free(task->target);
    free(task->grade);
    free(task->query_row);
    free(task->bank_row);
    *task = (struct task){0};
}
