/* Tasks and fits made by hand, for tests of code that uses them. */
#ifndef HUBSCOPE_TESTS_MADE_H
#define HUBSCOPE_TESTS_MADE_H

#include "engine/base/memory.h"
#include "engine/fitting/fit.h"

#include <math.h>
#include <stdlib.h>

struct made {
    struct matrix s, b; /* stored similarities */
    float *s_data, *b_data;
    struct task task;
};

static inline float made_uniform(uint32_t *seed) /* [0, 1) */
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 8) * 0x1p-24f;
}

/* Numbers in [-0.5, 0.5); on a grid if `grain` is not 0, which makes ties. */
static inline float *made_floats(size_t count, float grain, uint32_t seed)
{
    float *x = memory_floats(count);

    for (size_t i = 0; i < count; i++) {
        x[i] = made_uniform(&seed) - 0.5f;
        if (grain > 0)
            x[i] = floorf(x[i] / grain) * grain;
    }
    return x;
}

/* Query q has q % 4 targets. */
static inline void made_targets(struct task *task)
{
    size_t q = task->s.rows, m = task->s.cols;

    task->target_start = calloc(q + 1, sizeof *task->target_start);
    task->target = calloc(4 * q + 1, sizeof *task->target);
    for (size_t i = 0; i < q; i++) {
        task->target_start[i + 1] = task->target_start[i] + (uint32_t)(i % 4);
        for (uint32_t t = task->target_start[i]; t < task->target_start[i + 1]; t++)
            task->target[t] = (uint32_t)((i * 7 + t * 13) % m);
    }
}

static inline void made_open(struct made *made, size_t q, size_t m, size_t n, float grain)
{
    *made = (struct made){.s_data = made_floats(q * m, grain, 1), .b_data = made_floats(n * m, grain, 2)};
    made->s = matrix_view(made->s_data, q, m);
    made->b = matrix_view(made->b_data, n, m);
    made->task = (struct task){.s = {.rows = q, .cols = m, .stored = &made->s},
                               .b = {.rows = n, .cols = m, .stored = &made->b},
                               .bank_name = "",
                               .logit_scale = 100};
    made_targets(&made->task);
}

static inline void made_close(struct made *made)
{
    free(made->s_data);
    free(made->b_data);
    free(made->task.target);
    free(made->task.target_start);
}

/* A fit with random biases on the grid, so that ties stay ties, or without; gated ones are open for every third
 * item. */
static inline struct fit *made_fit(const struct task *task, double scale, bool biased, bool gated, float grain)
{
    struct fit *fit = calloc(1, sizeof *fit);

    fit->spec.rule = rule_find("raw"); /* no score of its own */
    fit->m = task->s.cols;
    fit->n = task->b.rows;
    fit->scale = fit->pull_scale = scale;
    fit->residual = NAN;
    fit->references = 1;
    if (biased) {
        fit->shift = made_floats(fit->m, grain, 3);
        fit->bias = calloc(fit->m, sizeof *fit->bias);
        for (size_t j = 0; j < fit->m; j++)
            fit->bias[j] = scale * (double)fit->shift[j];
    }
    if (gated) {
        fit->active = calloc(fit->m, 1);
        for (size_t j = 0; j < fit->m; j += 3)
            fit->active[j] = 1;
    }
    return fit;
}

#endif
