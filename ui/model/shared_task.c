#include "ui/model/shared_task.h"

#include "engine/base/memory.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/bank_subset.h"
#include "engine/evaluation/query_sample.h"

#include <stdio.h>
#include <stdlib.h>

enum { PART_SEED = 1 };

struct shared_task *shared_task_open(const struct collection *collection, const struct collection_model *model,
                                     enum direction direction, const struct task_choice *choice, struct error *error)
{
    struct shared_task *shared = memory_array(1, sizeof(*shared));

    if (!shared) {
        error_memory(error);
        return NULL;
    }
    if (task_open(&shared->task, collection, model, direction, choice->bank, error) != 0) {
        free(shared);
        return NULL;
    }
    atomic_init(&shared->references, 1);
    if (task_follow(&shared->task, &choice->conventions, error) != 0 ||
        (choice->gallery_bank && task_gallery_bank(&shared->task, choice->gallery_bank, error) != 0)) {
        shared_task_release(&shared->task);
        return NULL;
    }
    return shared;
}

struct shared_task *shared_task_part(const struct task *task, size_t rows, size_t queries, struct error *error)
{
    bool from_files = task->gallery_bank_name == task->model->second.name; /* as every task takes it anyway */
    const struct task_choice choice = {*task->bank_name ? task->bank_name : NULL,
                                       from_files || !*task->gallery_bank_name ? NULL : task->gallery_bank_name,
                                       task->conventions};
    struct bank_subset subset = {.size = rows, .seed = PART_SEED};
    struct shared_task *part = shared_task_open(task->collection, task->model, task->direction, &choice, error);

    if (!part)
        return NULL;
    snprintf(subset.name, sizeof subset.name, "%s", task->bank_name);
    if (!*task->bank_name)
        task_without_bank(&part->task);
    if (!*task->gallery_bank_name)
        task_without_gallery_bank(&part->task);
    if ((!rows || !task_choose_bank(&part->task, &subset, NULL, error)) &&
        (!queries || !task_sample_queries(&part->task, queries, PART_SEED, error)))
        return part;
    shared_task_release(&part->task);
    return NULL;
}

struct shared_task *shared_task_keep(const struct task *task)
{
    struct shared_task *shared = (struct shared_task *)task;

    atomic_fetch_add(&shared->references, 1);
    return shared;
}

void shared_task_release(const struct task *task)
{
    struct shared_task *shared = (struct shared_task *)task;

    if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
        return;
    task_close(&shared->task);
    free(shared);
}
