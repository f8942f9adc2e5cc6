#include "engine/heads/head.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/base/random.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int head_make(struct head *head, enum head_kind kind, size_t dimension, size_t hidden, struct error *error)
{
    *head = (struct head){.kind = kind,
                          .dimension = dimension,
                          .hidden = kind == HEAD_MLP ? hidden : 0,
                          .ratio = HEAD_RATIO,
                          .count = dimension * (kind == HEAD_MLP ? 2 * hidden : dimension)};
    head->weight = memory_floats(head->count);
    return head->weight ? 0 : error_memory(error);
}

int head_open(struct head *head, enum head_kind kind, size_t dimension, struct error *error)
{
    size_t hidden = dimension < HEAD_REDUCTION ? 1 : dimension / HEAD_REDUCTION;

    if (head_make(head, kind, dimension, hidden, error))
        return -1;
    head_reset(head, 0);
    return 0;
}

void head_reset(struct head *head, uint64_t seed)
{
    struct random_state random = random_start(seed, 2);
    double most = sqrt(6.0 / (double)head->dimension);

    memset(head->weight, 0, head->count * sizeof *head->weight);
    for (size_t i = 0; i < head->hidden * head->dimension; i++)
        head->weight[i] = (float)(most * ((double)(random_next(&random) >> 11) * 0x1p-52 - 1));
}

void head_close(struct head *head)
{
    free(head->weight);
    *head = (struct head){0};
}

void head_assign(struct head *head, const struct head *from)
{
    head->ratio = from->ratio;
    memcpy(head->weight, from->weight, head->count * sizeof *head->weight);
}

static void relu(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] > 0 ? x[i] : 0;
}

void head_forward(const struct head *head, const float *x, size_t rows, float *hidden, float *y)
{
    size_t d = head->dimension, h = head->hidden;
    float ratio = head->ratio;

    if (head->kind == HEAD_LINEAR) {
        gemm(rows, d, d, x, d, head->weight, d, y, d);
        kernel_add(x, y, y, rows * d);
        return;
    }
    gemm(rows, h, d, x, d, head->weight, d, hidden, h);
    relu(hidden, rows * h);
    gemm(rows, d, h, hidden, h, head_up(head), h, y, d);
    for (size_t i = 0; i < rows * d; i++)
        y[i] = (1 - ratio) * x[i] + ratio * y[i];
}

void head_unit(float *y, size_t rows, size_t dimension, float *inverse)
{
    const struct kernel_set *kernel = kernel_set();

    for (size_t row = 0; row < rows; row++) {
        float *at = y + row * dimension;
        const float *same = at;
        double square = 0;
        kernel->dots(at, dimension, &same, 1, &square);
        float factor = square > 0 ? (float)(1 / sqrt(square)) : 0;
        for (size_t c = 0; c < dimension; c++)
            at[c] *= factor;
        if (inverse)
            inverse[row] = factor;
    }
}

struct applying {
    const struct head *head;
    const struct matrix *x;
    float *out, *scratch;
    size_t scratch_size; /* of a worker: HEAD_ROWS rows of x and of the hidden layer */
    struct job *job;
};

static void apply_chunk(void *context, size_t chunk, size_t worker)
{
    const struct applying *work = context;
    size_t d = work->head->dimension, first = chunk * HEAD_ROWS, rows = work->x->rows - first;
    float *scratch = work->scratch + worker * work->scratch_size, *out = work->out + first * d;

    if (job_cancelled(work->job))
        return;
    rows = rows < HEAD_ROWS ? rows : HEAD_ROWS;
    const float *x = matrix_rows(work->x, first, rows, scratch);
    head_forward(work->head, x, rows, scratch + HEAD_ROWS * d, out);
    head_unit(out, rows, d, NULL);
    job_step(work->job);
}

int head_apply(const struct head *head, const struct matrix *x, float *out, struct job *job, struct error *error)
{
    size_t chunks = (x->rows + HEAD_ROWS - 1) / HEAD_ROWS, size = HEAD_ROWS * (head->dimension + head->hidden);
    struct applying work = {head, x, out, memory_floats(pool_workers() * size), size, job};

    if (!work.scratch)
        return error_memory(error);
    if (gemm_open(error)) {
        free(work.scratch);
        return -1;
    }
    job_expect(job, chunks);
    pool_run(chunks, apply_chunk, &work);
    free(work.scratch);
    return job_cancelled(job) ? error_set(error, ERROR_CANCELLED, "cancelled") : 0;
}
