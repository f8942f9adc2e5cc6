#include "engine/matrices/reservoir.h"

#include "engine/base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { SMALL = 16 };

size_t reservoir_room(size_t k, size_t most)
{
    size_t room = k < most / 2 ? 2 * k : most;

    return ((room + 7) / 8 | 1) * 8; /* an odd number of cache lines: lists fall in different sets */
}

int reservoir_open(struct reservoir *reservoir, size_t lists, size_t k, size_t most)
{
    size_t room = reservoir_room(k, most);

    *reservoir = (struct reservoir){.k = k, .room = room, .lists = lists};
    if (lists && room > SIZE_MAX / sizeof *reservoir->key / lists)
        return -1;
    reservoir->key = memory_array(lists * reservoir->room, sizeof *reservoir->key);
    reservoir->filled = memory_array(lists, sizeof *reservoir->filled);
    reservoir->least = memory_array(lists, sizeof *reservoir->least);
    if (!reservoir->key || !reservoir->filled || !reservoir->least)
        return -1;
    reservoir_clear(reservoir);
    return 0;
}

void reservoir_clear(struct reservoir *reservoir)
{
    for (size_t i = 0; i < reservoir->lists; i++) {
        reservoir->filled[i] = 0;
        reservoir->least[i] = -INFINITY;
    }
}

void reservoir_close(struct reservoir *reservoir)
{
    free(reservoir->key);
    free(reservoir->filled);
    free(reservoir->least);
}

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t kept = *a;

    *a = *b;
    *b = kept;
}

static void insertion_sort(uint64_t *key, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t moved = key[i];
        size_t j = i;
        for (; j > 0 && key[j - 1] < moved; j--)
            key[j] = key[j - 1];
        key[j] = moved;
    }
}

/* Partitions by the median of three: larger keys end in [0, *left), smaller ones in [*right, n).  Keys differ and
 * comparisons are unpredictable, so the loop has no branch on them. */
static void split(uint64_t *key, size_t n, size_t *left, size_t *right)
{
    uint64_t a = key[0], b = key[n / 2], c = key[n - 1];
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t pivot = c < low ? low : c > high ? high : c;
    size_t larger = 0;

    swap(&key[pivot == a ? 0 : pivot == b ? n / 2 : n - 1], &key[n - 1]);
    for (size_t i = 0; i < n - 1; i++) {
        uint64_t moved = key[i];
        key[i] = key[larger];
        key[larger] = moved;
        larger += moved > pivot;
    }
    swap(&key[larger], &key[n - 1]);
    *left = larger;
    *right = larger + 1;
}

/* Largest first. */
static void sort(uint64_t *key, size_t n)
{
    while (n > SMALL) {
        size_t left, right;
        split(key, n, &left, &right);
        sort(key, left);
        key += right;
        n -= right;
    }
    insertion_sort(key, n);
}

/* Moves the k largest to the front, the least of them last. */
static void select_largest(uint64_t *key, size_t n, size_t k)
{
    size_t wanted = k - 1; /* the position that must be right */

    while (n > SMALL) {
        size_t left, right;
        split(key, n, &left, &right);
        if (wanted < left) {
            n = left;
        } else if (wanted >= right) {
            key += right;
            n -= right;
            wanted -= right;
        } else {
            return;
        }
    }
    insertion_sort(key, n);
}

void reservoir_cut(struct reservoir *reservoir, size_t list)
{
    uint64_t *key = reservoir->key + list * reservoir->room;

    if (reservoir->filled[list] < reservoir->k)
        return;
    select_largest(key, reservoir->filled[list], reservoir->k);
    reservoir->filled[list] = (uint32_t)reservoir->k;
    reservoir->least[list] = reservoir_value(key[reservoir->k - 1]);
}

size_t reservoir_take(struct reservoir *reservoir, size_t list, float *value, uint32_t *item)
{
    uint64_t *key = reservoir->key + list * reservoir->room;

    reservoir_cut(reservoir, list);
    size_t count = reservoir->filled[list];
    sort(key, count);
    for (size_t i = 0; i < count; i++) {
        value[i] = reservoir_value(key[i]);
        if (item)
            item[i] = ~(uint32_t)key[i];
    }
    return count;
}
