#include "engine/evaluation/notices.h"
#include "engine/base/item.h"
#include "engine/collection/collection.h"

#include <math.h>
#include <stdio.h>

static const double COSINE_SLACK = 1e-3; /* what rounding may add to a cosine of 1 */
static const double CHANCE = 0.1;        /* a mean rank this near a random order's, relative to it, is at chance */
enum { CHANCE_GALLERY = 20, CHANCE_QUERIES = 20 }; /* with fewer, a good order may be as near by luck */

/* What notices are derived from. */
struct seen {
    const struct task *task;
    const struct analysis *analysis; /* (count) */
    size_t count;
};

static bool find_logits(const struct seen *seen, char *text, size_t size)
{
    const struct collection_model *model = seen->task->model;
    bool outside = model->most > 1 + COSINE_SLACK || model->least < -1 - COSINE_SLACK;

    if (!model->stored || !outside || seen->task->logit_scale == 1)
        return false;
    snprintf(text, size, "similarities from %.3g to %.3g look like logits: %s takes them as they are (now times %.3g)",
             model->least, model->most,
             seen->task->collection->path ? "importing with --logit-scale 1" : "--logit-scale 1",
             seen->task->logit_scale);
    return true;
}

/* Mean rank of the best target under a random order: (M + 1) / (targets + 1) for each query. */
static double chance_rank(const struct task *task)
{
    double sum = 0;
    size_t queries = 0;

    if (!task->several && task->target_start) /* at most one target each: at once, as every screen asks */
        return task->target_start[task_queries(task)] >= CHANCE_QUERIES ? ((double)task_items(task) + 1) / 2 : NAN;
    for (size_t q = 0; q < task_queries(task); q++) {
        size_t targets;
        task_asked(task, q, &targets);
        if (!targets)
            continue;
        sum += ((double)task_items(task) + 1) / ((double)targets + 1);
        queries++;
    }
    return queries >= CHANCE_QUERIES ? sum / (double)queries : NAN;
}

/* Only if all rules are at chance: a single bad rule is a result. */
static bool find_chance(const struct seen *seen, char *text, size_t size)
{
    if (!seen->count || task_items(seen->task) < CHANCE_GALLERY)
        return false;
    double chance = chance_rank(seen->task);
    for (size_t i = 0; i < seen->count; i++)
        if (!(fabs(seen->analysis[i].metrics.mnr - chance) <= CHANCE * chance))
            return false;
    snprintf(text, size,
             "results at chance (mean rank %.1f, random order %.1f): rows may be in another order than the table",
             seen->analysis[0].metrics.mnr, chance);
    return true;
}

static bool find_duplicates(const struct seen *seen, char *text, size_t size)
{
    const struct task *task = seen->task;
    const struct collection_model *model = task->model;
    bool captions = task->s.right == &model->query;
    size_t repeated = captions ? model->repeated_queries : model->repeated_videos;

    if (!task->s.right || task->videos || !repeated)
        return false;
    snprintf(text, size,
             "%zu of %zu %s have the embedding of another, and ranks average over such ties: were rows copied?",
             repeated, task_gallery(task), captions ? "captions" : item_text("videos"));
    return true;
}

static const struct {
    const char *name, *badge;
    bool (*find)(const struct seen *seen, char *text, size_t size); /* false: nothing to report */
} table[NOTICES] = {
    [NOTICE_LOGITS] = {"logits", "logits?", find_logits},
    [NOTICE_CHANCE] = {"chance", "at chance", find_chance},
    [NOTICE_DUPLICATES] = {"duplicates", "duplicates", find_duplicates},
};

size_t notices_of(const struct task *task, const struct analysis *analyses, size_t count, struct notice notice[NOTICES])
{
    const struct seen seen = {task, analyses, count};
    size_t found = 0;

    for (size_t kind = 0; kind < NOTICES; kind++) {
        struct notice *next = &notice[found];
        if (!table[kind].find(&seen, next->text, sizeof next->text))
            continue;
        next->kind = (enum notice_kind)kind;
        next->name = table[kind].name;
        next->badge = table[kind].badge;
        found++;
    }
    return found;
}
