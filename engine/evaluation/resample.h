/* How bootstrap samples are drawn: the same seed gives every measure the same samples. */
#ifndef HUBSCOPE_ENGINE_EVALUATION_RESAMPLE_H
#define HUBSCOPE_ENGINE_EVALUATION_RESAMPLE_H

#include "engine/base/random.h"
#include <stddef.h>
#include <string.h>

/* Draws as many rows as exist, with replacement; stores how often each was drawn in weight (rows). */
static inline void resample_rows(uint64_t seed, size_t sample, size_t rows, uint32_t *weight)
{
    struct random_state random = random_start(seed, sample);

    memset(weight, 0, rows * sizeof *weight);
    for (size_t i = 0; i < rows; i++)
        weight[random_below(&random, rows)]++;
}

#endif
