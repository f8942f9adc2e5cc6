#include "engine/evaluation/hub_queries.h"

#include <math.h>
#include <stdlib.h>

static bool is_target(const struct task *task, size_t query, uint32_t item)
{
    size_t count;
    const uint32_t *asked = task_asked(task, query, &count);

    for (size_t i = 0; i < count; i++)
        if (asked[i] == item)
            return true;
    return false;
}

/* Of the list that stands at `at`. */
static uint32_t place_in(const struct analysis *analysis, size_t at, uint32_t item)
{
    const uint32_t *list = analysis->top + at * analysis->top_k;

    for (size_t i = 0; i < analysis->top_k; i++)
        if (list[i] == item)
            return (uint32_t)i + 1;
    return 0;
}

uint32_t hub_queries_place(const struct analysis *analysis, size_t query, uint32_t item)
{
    size_t at = analysis_place(analysis, query);

    return at == SIZE_MAX ? 0 : place_in(analysis, at, item);
}

static int by_place(const void *left, const void *right)
{
    const struct hub_query *a = left, *b = right;

    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->query < b->query ? -1 : a->query > b->query;
}

size_t hub_queries_list(const struct task *task, const struct analysis *analysis, uint32_t item, size_t k,
                        struct hub_query *queries, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < analysis->queries; i++) {
        size_t q = analysis_query(analysis, i);
        uint32_t place = place_in(analysis, i, item);
        if (place == 0 || place > k)
            continue;
        if (count < most) {
            bool own = is_target(task, q, item);
            /* not >=: the averaged rank of a target that ties with the item may equal the item's place */
            bool stolen = !own && !isnan(analysis->rank[i]) && analysis->rank[i] > place;
            queries[count] = (struct hub_query){(uint32_t)q, place, own, stolen};
        }
        count++;
    }
    qsort(queries, count < most ? count : most, sizeof *queries, by_place);
    return count;
}

uint32_t hub_threshold(size_t k, size_t queries, size_t items)
{
    return (uint32_t)ceil(2.0 * (double)k * (double)queries / (double)(items ? items : 1));
}

void false_rates_of(const struct task *task, const struct analysis *analysis, struct false_rates *over,
                    struct false_rates *under)
{
    double fair = (double)analysis->queries / (double)analysis->gallery;
    size_t items[2] = {0}, first[2] = {0}, wrong[2] = {0}, own[2] = {0}, missed[2] = {0};

    for (size_t j = 0; j < analysis->gallery; j++)
        items[analysis->mass[j] > fair] += subset_has(analysis->subset, j);
    for (size_t q = 0; q < analysis->queries; q++) {
        uint32_t from = task->target_start[q], to = task->target_start[q + 1];
        uint32_t best = analysis->top[q * analysis->top_k];
        bool kind = analysis->mass[best] > fair;
        if (from == to)
            continue;
        bool right = is_target(task, q, best), counts = subset_has(analysis->subset, best);
        first[kind] += counts;
        wrong[kind] += counts && !right;
        for (uint32_t t = from; t < to; t++) {
            bool of = analysis->mass[task->target[t]] > fair,
                 own_counts = subset_has(analysis->subset, task->target[t]);
            own[of] += own_counts;
            missed[of] += own_counts && !right;
        }
    }
    for (size_t kind = 0; kind < 2; kind++)
        *(kind ? over : under) =
            (struct false_rates){items[kind], first[kind] ? (double)wrong[kind] / (double)first[kind] : NAN,
                                 own[kind] ? (double)missed[kind] / (double)own[kind] : NAN};
}
