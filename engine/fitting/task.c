#include "engine/fitting/task.h"
#include "engine/collection/collection.h"
#include "engine/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bank of that name, or the first. Null without error: there is none and none was asked for. */
static const struct bank *choose_bank(const struct collection *collection, bool videos, const char *name,
                                      struct error *error)
{
    const struct bank *banks = videos ? collection->video_bank : collection->bank;
    size_t count = videos ? collection->video_banks : collection->banks;
    const char *kind = videos ? "video bank" : "query bank";
    char known[256] = "";
    size_t used = 0;

    if (!name || !*name)
        return count ? &banks[0] : NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(banks[i].name, name) == 0)
            return &banks[i];
    for (size_t i = 0; i < count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", banks[i].name);
    if (count)
        error_set(error, ERROR_INPUT, "unknown %s '%.64s': known are %s", kind, name, known);
    else
        error_set(error, ERROR_INPUT, "unknown %s '%.64s': the collection has none", kind, name);
    return NULL;
}

/* t2v: query q has the one target target[q], or none. */
static int set_targets_t2v(struct task *task, const struct collection *collection)
{
    size_t queries = collection->queries;
    uint32_t count = 0;

    task->target_start = memory_array(queries + 1, sizeof *task->target_start);
    task->target = memory_array(queries, sizeof *task->target);
    if (!task->target_start || !task->target)
        return -1;
    for (size_t q = 0; q < queries; q++) {
        task->target_start[q] = count;
        if (collection->target[q] < collection->videos)
            task->target[count++] = collection->target[q];
    }
    task->target_start[queries] = count;
    return 0;
}

/* v2t: the queries are the videos that have captions; the targets of each are its captions, ascending. */
static int set_targets_v2t(struct task *task, const struct collection *collection)
{
    size_t videos = collection->videos, captions = collection->queries, rows = 0;
    uint32_t *count = memory_array(videos, sizeof *count); /* captions of a video, then where its next one goes */

    task->query_row = memory_array(videos, sizeof *task->query_row);
    task->target_start = memory_array(videos + 1, sizeof *task->target_start);
    task->target = memory_array(captions, sizeof *task->target);
    if (!count || !task->query_row || !task->target_start || !task->target) {
        free(count);
        return -1;
    }
    for (size_t c = 0; c < captions; c++)
        if (collection->target[c] < videos)
            count[collection->target[c]]++;
    uint32_t next = 0;
    for (size_t v = 0; v < videos; v++) {
        if (!count[v])
            continue;
        task->query_row[rows] = (uint32_t)v;
        task->target_start[rows++] = next;
        next += count[v];
        count[v] = next - count[v];
    }
    task->target_start[rows] = next;
    for (size_t c = 0; c < captions; c++)
        if (collection->target[c] < videos)
            task->target[count[collection->target[c]]++] = (uint32_t)c;
    task->s.rows = rows;
    free(count);
    return 0;
}

int task_open(struct task *task, const struct collection *collection, enum direction direction, const char *bank,
              struct error *error)
{
    bool t2v = direction == T2V;
    struct error why = {0};
    const struct bank *chosen = choose_bank(collection, !t2v, bank, &why);

    *task = (struct task){.collection = collection, .direction = direction, .logit_scale = collection->logit_scale};
    if (why.kind) {
        if (error)
            *error = why;
        return -1;
    }
    const struct matrix *gallery = t2v ? &collection->video : &collection->query;
    task->s.rows = collection->queries;
    task->s.cols = task->b.cols = t2v ? collection->videos : collection->queries;
    if (collection->stored) {
        task->s.stored = &collection->query;
        task->s.transposed = !t2v;
    } else {
        task->s.left = t2v ? &collection->query : &collection->video;
        task->s.right = task->b.right = gallery;
    }
    if (t2v ? set_targets_t2v(task, collection) : set_targets_v2t(task, collection)) {
        task_close(task);
        return error_memory(error);
    }
    task->s.row_map = task->query_row;
    if (!t2v && task->s.rows == 0) {
        task_close(task);
        return error_set(error, ERROR_INPUT, "%s has no captions that belong to a video: v2t needs some",
                         collection->name[0] ? collection->name : "the collection");
    }
    task->bank_name = chosen ? chosen->name : "";
    snprintf(task->bank_subset.name, sizeof task->bank_subset.name, "%s", task->bank_name);
    task_gallery_bank(task, NULL, NULL); /* the first, if any */
    if (chosen) {
        task->b.rows = chosen->matrix.rows;
        *(collection->stored ? &task->b.stored : &task->b.left) = &chosen->matrix;
    }
    return 0;
}

/* The bank that files brought, where no other is named. */
static void use_second_bank(struct task *task)
{
    const struct second_bank *second = &task->collection->second;

    task->gallery_bank_name = second->name;
    if (second->matrix.rows)
        task->g = (struct sims){.rows = second->matrix.rows, .cols = task->s.cols, .left = &second->matrix,
                                .right = task->s.right};
    else if (second->gallery_bank_sims.rows && task->direction == T2V)
        task->g = (struct sims){.rows = second->gallery_bank_sims.rows, .cols = task->s.cols,
                                .stored = &second->gallery_bank_sims};
}

int task_gallery_bank(struct task *task, const char *name, struct error *error)
{
    struct error why = {0};
    const struct bank *bank = choose_bank(task->collection, task->direction == T2V, name, &why);

    if (why.kind) {
        if (error)
            *error = why;
        return -1;
    }
    task->g = (struct sims){.cols = task->s.cols};
    task->gallery_bank_name = bank ? bank->name : "";
    if (!name && task->collection->second.name[0])
        use_second_bank(task);
    else if (bank && !task->collection->stored)
        task->g = (struct sims){.rows = bank->matrix.rows, .cols = task->s.cols, .left = &bank->matrix,
                                .right = task->s.right};
    return 0;
}

struct sims task_bank_gallery(const struct task *task)
{
    const struct matrix *stored = &task->collection->second.bank_gallery_sims;
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

void task_close(struct task *task)
{
    free(task->target_start);
    free(task->target);
    free(task->query_row);
    free(task->bank_row);
    *task = (struct task){0};
}
