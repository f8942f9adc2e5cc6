#include "engine/evaluation/subset.h"

#include "engine/base/memory.h"
#include "engine/collection/collection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct subset *subset, size_t items, size_t queries)
{
    *subset = (struct subset){.all_items = items, .all_queries = queries};
    subset->item = memory_array(items, sizeof *subset->item);
    subset->query = memory_array(queries, sizeof *subset->query);
    if (subset->item && subset->query)
        return true;
    subset_close(subset);
    return false;
}

/* Text to video: items are the videos. */
static void choose_videos(struct subset *subset, const struct task *task, const bool *video)
{
    for (size_t q = 0; q < subset->all_queries; q++)
        for (uint32_t t = task->target_start[q]; t < task->target_start[q + 1]; t++)
            subset->query[q] = subset->query[q] || video[task->target[t]];
    memcpy(subset->item, video, subset->all_items * sizeof *video);
}

/* Video to text: queries are videos, items their captions or they themselves. */
static void choose_captions(struct subset *subset, const struct task *task, const bool *video)
{
    for (size_t q = 0; q < subset->all_queries; q++) {
        subset->query[q] = video[task->query_row ? task->query_row[q] : q];
        for (uint32_t t = task->target_start[q]; subset->query[q] && !task->videos && t < task->target_start[q + 1];
             t++)
            subset->item[task->target[t]] = true;
    }
    if (task->videos)
        memcpy(subset->item, video, subset->all_items * sizeof *video);
}

int subset_open(struct subset *subset, const struct task *task, const bool *video, const char *name)
{
    if (!make_room(subset, task_items(task), task_queries(task)))
        return -1;
    (task->direction == T2V ? choose_videos : choose_captions)(subset, task, video);
    snprintf(subset->name, sizeof subset->name, "%s", name);
    for (size_t j = 0; j < subset->all_items; j++)
        subset->items += subset->item[j];
    for (size_t q = 0; q < subset->all_queries; q++)
        subset->queries += subset->query[q];
    return 0;
}

int subset_copy(struct subset *copy, const struct subset *subset)
{
    struct subset made;

    if (!make_room(&made, subset->all_items, subset->all_queries))
        return -1;
    memcpy(made.item, subset->item, subset->all_items * sizeof *made.item);
    memcpy(made.query, subset->query, subset->all_queries * sizeof *made.query);
    memcpy(made.name, subset->name, sizeof made.name);
    made.items = subset->items;
    made.queries = subset->queries;
    *copy = made;
    return 0;
}

void subset_close(struct subset *subset)
{
    free(subset->item);
    free(subset->query);
    *subset = (struct subset){0};
}
