#include "engine/fitting/row_lists.h"

#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/reservoir.h"

#include <math.h>
#include <stdlib.h>

enum { PLACES_AT_ONCE = 4 << 20 }; /* exchanged: 32 MB */

int row_lists_open(struct row_lists *lists, size_t count, size_t k)
{
    *lists = (struct row_lists){.k = k, .count = count};
    lists->value = memory_floats(count * k);
    lists->item = memory_array(count * k, sizeof *lists->item);
    lists->filled = memory_array(count, sizeof *lists->filled);
    lists->least = memory_array(count, sizeof *lists->least);
    if (!lists->value || !lists->item || !lists->filled || !lists->least)
        return -1;
    for (size_t i = 0; i < ROW_LISTS_LOCKS; i++)
        pthread_mutex_init(&lists->lock[i], NULL);
    lists->locks = true;
    return 0;
}

void row_lists_close(struct row_lists *lists)
{
    free(lists->value);
    free(lists->item);
    free(lists->filled);
    free(lists->least);
    for (size_t i = 0; lists->locks && i < ROW_LISTS_LOCKS; i++)
        pthread_mutex_destroy(&lists->lock[i]);
}

void row_lists_clear(struct row_lists *lists)
{
    for (size_t i = 0; i < lists->count; i++) {
        lists->filled[i] = 0;
        lists->least[i] = -INFINITY;
    }
}

struct topk row_lists_at(const struct row_lists *lists, size_t at)
{
    struct topk top = topk_make(lists->value + at * lists->k, lists->item + at * lists->k, lists->k);

    top.count = lists->filled[at];
    return top;
}

static void push(struct row_lists *lists, size_t at, float value, uint32_t item)
{
    struct topk top = row_lists_at(lists, at);

    topk_push(&top, value, item);
    lists->filled[at] = top.count;
    if (top.count == top.k)
        lists->least[at] = top.value[0];
}

void row_lists_add(struct row_lists *lists, struct span rows, struct span cols, const float *cell, size_t stride)
{
    pthread_mutex_t *lock = &lists->lock[rows.start / TILE_ROWS % ROW_LISTS_LOCKS];

    pthread_mutex_lock(lock);
    for (size_t i = 0; i < rows.count; i++) {
        const float *x = cell + i * stride;
        size_t at = rows.start + i, j = 0;
        for (;;) { /* including equal values: this item may be the smaller one */
            j += kernel_scan(x + j, cols.count - j, nextafterf(lists->least[at], -INFINITY));
            if (j == cols.count)
                break;
            push(lists, at, x[j], (uint32_t)(cols.start + j));
            j++;
        }
    }
    pthread_mutex_unlock(lock);
}

/* Writes lists [first, first + count) as keys (count, k); 0: no item. */
static void to_keys(const struct row_lists *lists, size_t first, size_t count, uint64_t *key)
{
    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < lists->k; l++) {
            size_t at = (first + i) * lists->k + l;
            key[i * lists->k + l] = l < lists->filled[first + i] ? reservoir_key(lists->value[at], lists->item[at]) : 0;
        }
}

/* Completes this process's share of the lists by what the others have in them, all (processes, count, k), and empties
 * the rest. */
static void add_keys(struct row_lists *lists, size_t first, size_t count, const uint64_t *all)
{
    struct crew_share share = crew_merges() ? (struct crew_share){0, count} : crew_share(count);

    for (size_t i = 0; i < count; i++) {
        bool own = i >= share.start && i - share.start < share.count;
        for (size_t r = 0; r < crew_size() && own; r++)
            for (size_t l = 0; l < lists->k && r != crew_rank(); l++) {
                uint64_t key = all[(r * count + i) * lists->k + l];
                if (key)
                    push(lists, first + i, reservoir_value(key), ~(uint32_t)key);
            }
        if (!own)
            lists->filled[first + i] = 0;
    }
}

int row_lists_join(struct row_lists *lists, size_t count, struct error *error)
{
    size_t size = crew_size(), most = PLACES_AT_ONCE / lists->k / size;
    int status = 0;

    if (size == 1)
        return 0;
    most = most < 1 ? 1 : most < count ? most : count;
    uint64_t *own = memory_array(most * lists->k, sizeof *own);
    uint64_t *all = memory_array(most * lists->k * size, sizeof *all);
    if (!own || !all)
        status = error_memory(error);
    for (size_t first = 0; first < count && !status; first += most) {
        size_t now = count - first < most ? count - first : most;
        to_keys(lists, first, now, own);
        status = crew_collect(own, now * lists->k * sizeof *own, all, error);
        if (!status)
            add_keys(lists, first, now, all);
    }
    free(own);
    free(all);
    return status;
}
