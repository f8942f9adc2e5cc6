#include "ui/model/shared_task.h"

#include "engine/base/memory.h"

#include <stdlib.h>

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
