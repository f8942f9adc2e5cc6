#include "engine/learning/adam.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 16384 };

static const double first = 0.9, second = 0.999;
static const float epsilon = 1e-8f;

int adam_open(struct adam *adam, size_t count, struct error *error)
{
    *adam = (struct adam){count, 0, memory_floats(count), memory_floats(count)};
    if (!adam->mean || !adam->square) {
        adam_close(adam);
        return error_memory(error);
    }
    adam_restart(adam);
    return 0;
}

void adam_close(struct adam *adam)
{
    free(adam->mean);
    free(adam->square);
    *adam = (struct adam){0};
}

void adam_restart(struct adam *adam)
{
    adam->steps = 0;
    memset(adam->mean, 0, adam->count * sizeof *adam->mean);
    memset(adam->square, 0, adam->count * sizeof *adam->square);
}

struct stepping {
    const struct adam *adam;
    float *weight;
    const float *gradient;
    float rate, keep, root; /* rate / (1 - first^t), 1 - rate * decay, sqrt(1 - second^t) */
};

static void step_chunk(void *context, size_t chunk, size_t worker)
{
    const struct stepping *step = context;
    const struct span span = tiles_span(chunk, PIECE, step->adam->count);
    float *restrict weight = step->weight + span.start, *restrict mean = step->adam->mean + span.start;
    float *restrict square = step->adam->square + span.start;
    const float *restrict gradient = step->gradient + span.start;
    const float a = (float)(1 - first), b = (float)(1 - second), over_root = 1 / step->root;

    (void)worker;
    for (size_t i = 0; i < span.count; i++) {
        mean[i] += a * (gradient[i] - mean[i]);
        square[i] += b * (gradient[i] * gradient[i] - square[i]);
        weight[i] = step->keep * weight[i] - step->rate * mean[i] / (sqrtf(square[i]) * over_root + epsilon);
    }
}

void adam_step(struct adam *adam, float *weight, const float *gradient, double rate, double decay)
{
    adam->steps++;
    struct stepping step = {.adam = adam,
                            .weight = weight,
                            .gradient = gradient,
                            .rate = (float)(rate / (1 - pow(first, (double)adam->steps))),
                            .keep = (float)(1 - rate * decay),
                            .root = (float)sqrt(1 - pow(second, (double)adam->steps))};

    pool_run(tiles_ceil(adam->count, PIECE), step_chunk, &step);
}
