#include "engine/fitting/places.h"
#include "engine/base/memory.h"

#include <stdint.h>
#include <stdlib.h>

struct placed {
    double value;
    uint32_t item;
};

static int best_first(const void *a, const void *b)
{
    double x = ((const struct placed *)a)->value, y = ((const struct placed *)b)->value;

    return (x < y) - (x > y);
}

/* Sorts a bucket; most hold a few items. */
static void sort_bucket(struct placed *placed, size_t count)
{
    enum { FEW = 32 };

    if (count > FEW) {
        qsort(placed, count, sizeof *placed, best_first);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct placed moved = placed[i];
        size_t at = i;
        for (; at > 0 && placed[at - 1].value < moved.value; at--)
            placed[at] = placed[at - 1];
        placed[at] = moved;
    }
}

/* Values fall into M buckets of equal width, best first, so that few share one. */
static size_t bucket_of(double value, double best, double width, size_t m)
{
    double bucket = width > 0 ? (best - value) / width : 0;

    return bucket < (double)(m - 1) ? (size_t)bucket : m - 1;
}

/* Fills placed (M), best first; start (M + 1) must be zeroed. */
static void sort_values(const double *value, size_t m, struct placed *placed, size_t *start)
{
    double best = value[0], worst = value[0];

    for (size_t j = 1; j < m; j++) {
        best = value[j] > best ? value[j] : best;
        worst = value[j] < worst ? value[j] : worst;
    }
    double width = (best - worst) / (double)m;
    for (size_t j = 0; j < m; j++)
        start[bucket_of(value[j], best, width, m) + 1]++;
    for (size_t b = 1; b <= m; b++)
        start[b] += start[b - 1];
    for (size_t j = 0; j < m; j++)
        placed[start[bucket_of(value[j], best, width, m)]++] = (struct placed){value[j], (uint32_t)j};
    for (size_t b = 0, from = 0; b < m; from = start[b++]) /* start[b] is now where the bucket ends */
        sort_bucket(placed + from, start[b] - from);
}

int places_of(const double *value, size_t m, float *score)
{
    struct placed *placed = memory_array(m, sizeof *placed);
    size_t *start = memory_array(m + 1, sizeof *start), place = 0;
    int status = -1;

    if (placed && start) {
        if (m)
            sort_values(value, m, placed, start);
        for (size_t i = 0; i < m; i++) {
            place += i > 0 && placed[i].value < placed[i - 1].value;
            score[placed[i].item] = -(float)place;
        }
        status = 0;
    }
    free(placed);
    free(start);
    return status;
}
