/* A task that outlives a change of bank while work under way still reads it. */
#ifndef HUBSCOPE_UI_MODEL_SHARED_TASK_H
#define HUBSCOPE_UI_MODEL_SHARED_TASK_H

#include "engine/fitting/task.h"
#include <stdatomic.h>

struct shared_task {
    struct task task; /* first: model_side.task points here */
    atomic_uint references;
};

/* What of the collection a task takes. */
struct task_choice {
    const char *bank, *gallery_bank; /* null: the first */
    struct conventions conventions;
};

struct shared_task *shared_task_open(const struct collection *collection, const struct collection_model *model,
                                     enum direction direction, const struct task_choice *choice, struct error *error);
/* The same on `rows` random rows of its bank, for a sample of its queries; 0: all. */
struct shared_task *shared_task_part(const struct task *task, size_t rows, size_t queries, struct error *error);
struct shared_task *shared_task_keep(const struct task *task);
void shared_task_release(const struct task *task); /* null is fine */

#endif
