#include "engine/reservoir.h"

#include "engine/memory.h"

#include <math.h>
#include <stdlib.h>

enum { SMALL = 16 };

int reservoir_open(struct reservoir *reservoir, size_t lists, size_t k, size_t most)
{
    size_t room = k < most / 2 ? 2 * k : most;

    *reservoir = (struct reservoir){.k = k, .room = room, .lists = lists};
    if (lists && room > SIZE_MAX / sizeof *reservoir->key / lists)
        return -1;
    reservoir->key = memory_array(lists * reservoir->room, sizeof *reservoir->key);
    reservoir->filled = memory_array(lists, sizeof *reservoir->filled);
    reservoir->least = memory_array(lists, sizeof *reservoir->least);
    if (!reservoir->key || !reservoir->filled || !reservoir->least)
        return -1;
    for (size_t i = 0; i < lists; i++)
        reservoir->least[i] = -INFINITY;
    return 0;
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

/* Splits so that everything in [0, *left] is at least everything in [*right, n): Hoare's way, by
 * the middle one of three. */
static void split(uint64_t *key, size_t n, size_t *left, size_t *right)
{
    uint64_t a = key[0], b = key[n / 2], c = key[n - 1];
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t pivot = c < low ? low : c > high ? high : c;
    ptrdiff_t i = 0, j = (ptrdiff_t)n - 1;

    while (i <= j) {
        while (key[i] > pivot)
            i++;
        while (key[j] < pivot)
            j--;
        if (i <= j)
            swap(&key[i++], &key[j--]);
    }
    *left = (size_t)(j + 1); /* how many lie left */
    *right = (size_t)i;
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

/* Brings the k largest to the front, the least of them last. */
static void select_largest(uint64_t *key, size_t n, size_t k)
{
    size_t wanted = k - 1; /* the place that must become right */

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
        item[i] = ~(uint32_t)key[i];
    }
    return count;
}
