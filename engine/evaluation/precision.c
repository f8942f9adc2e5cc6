#include "engine/evaluation/precision.h"
#include "engine/base/memory.h"
#include "engine/kernels/kernels.h"

#include <math.h>
#include <stdlib.h>

struct precision_target {
    float score;
    uint32_t item;
    size_t above; /* items from just below the next better target down to this one, itself included */
};

int precision_open(struct precision_room *room, const struct task *task)
{
    size_t most = 0;

    for (size_t q = 0; q < task_queries(task); q++) {
        size_t own = task->target_start[q + 1] - task->target_start[q];
        most = own > most ? own : most;
    }
    room->where = memory_array(task_gallery(task) + KERNEL_LANES, sizeof *room->where);
    room->target = memory_array(most, sizeof *room->target);
    return room->where && room->target ? 0 : -1;
}

void precision_close(struct precision_room *room)
{
    free(room->where);
    free(room->target);
    *room = (struct precision_room){0};
}

static bool before(float score, uint32_t item, const struct precision_target *target)
{
    return score > target->score || (score == target->score && item < target->item);
}

static int best_first(const void *a, const void *b)
{
    const struct precision_target *x = a, *y = b;

    return before(x->score, x->item, y) ? -1 : before(y->score, y->item, x);
}

/* The first target that an item does not rank behind; `count` if it ranks behind all. */
static size_t rank_among(const struct precision_target *target, size_t count, float score, uint32_t item)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (before(target[middle].score, target[middle].item, &(struct precision_target){score, item, 0}))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double precision_average(const struct precision_room *room, const struct task *task, size_t query, const float *s,
                         const float *shift)
{
    uint32_t from = task->target_start[query], count = task->target_start[query + 1] - from;
    struct precision_target *target = room->target;
    double sum = 0;

    if (!count)
        return NAN;
    for (uint32_t t = 0; t < count; t++) {
        uint32_t item = task->target[from + t];
        target[t] = (struct precision_target){shift ? s[item] + shift[item] : s[item], item, 0};
    }
    qsort(target, count, sizeof *target, best_first);
    float least = nextafterf(target[count - 1].score, -INFINITY);
    size_t found = kernel_set()->find(s, shift, task_gallery(task), least, room->where);
    for (size_t i = 0; i < found; i++) {
        uint32_t item = room->where[i];
        size_t behind = rank_among(target, count, shift ? s[item] + shift[item] : s[item], item);
        if (behind < count)
            target[behind].above++;
    }
    for (size_t t = 0, place = 0; t < count; t++) {
        place += target[t].above;
        sum += (double)(t + 1) / (double)place;
    }
    return sum / (double)count;
}

static double discount(size_t place)
{
    return 1 / log2((double)place + 1);
}

static int by_item(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double grade_of(const struct task *task, uint32_t target)
{
    return task->grade ? (double)task->grade[target] : 1;
}

/* The DCG of the ideal list: the query's grades, descending. */
static double ideal(const struct task *task, uint32_t from, uint32_t to, size_t places)
{
    double sum = 0, last = INFINITY;
    size_t place = 0;

    while (place < places && place < to - from) { /* each distinct grade, with how often it occurs */
        double next = 0;
        size_t times = 0;
        for (uint32_t t = from; t < to; t++) {
            double grade = grade_of(task, t);
            if (grade < last && grade >= next) {
                times = grade > next ? 1 : times + 1;
                next = grade;
            }
        }
        for (size_t i = 0; i < times && place < places; i++)
            sum += next * discount(++place);
        last = next;
    }
    return sum;
}

double precision_ndcg(const struct task *task, size_t query, const uint32_t *list, size_t places)
{
    uint32_t from = task->target_start[query], to = task->target_start[query + 1];
    double sum = 0;

    if (from == to)
        return NAN;
    for (size_t i = 0; i < places && i < task_gallery(task); i++) {
        const uint32_t *found = bsearch(&list[i], task->target + from, to - from, sizeof *task->target, by_item);
        if (found)
            sum += grade_of(task, (uint32_t)(found - task->target)) * discount(i + 1);
    }
    return sum / ideal(task, from, to, places);
}
