#include "engine/sinkhorn.h"
#include "engine/blocks.h"
#include "engine/kernels.h"
#include "engine/memory.h"
#include "engine/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8 };

struct state {
    const struct sims *sims;
    double scale;
    struct blocks blocks;
    const double *from;   /* the other side's potential */
    double *to;           /* the potential that this step makes */
    double *max, *sum;    /* (segments, M) of a column step */
    float *keep;          /* (N, M) while B is being stored */
    float *scratch;       /* (workers, scratch_size) */
    size_t scratch_size;
    struct job *job;
};

static float *worker_block(const struct state *state, size_t worker)
{
    return state->scratch + worker * state->scratch_size;
}

static void make_block(const struct state *state, struct span row, struct span col, float *block)
{
    sims_block(state->sims, row.start, row.count, col.start, col.count, block, col.count,
               block + BLOCK_ROWS * BLOCK_COLS);
    job_step(state->job);
}

static double largest(const double *x, size_t n)
{
    double lane[LANES], most = -INFINITY;
    size_t i = 0;

    for (size_t l = 0; l < LANES; l++)
        lane[l] = -INFINITY;
    for (; i + LANES <= n; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    for (; i < n; i++)
        most = x[i] > most ? x[i] : most;
    for (size_t l = 0; l < LANES; l++)
        most = lane[l] > most ? lane[l] : most;
    return most;
}

/* One block's part of a row: logits and their differences in double, so that only exponents near 0 are rounded. */
static void add_to_row(const struct state *state, const float *x, struct span col, double *max, double *sum)
{
    double logit[BLOCK_COLS];
    float difference[BLOCK_COLS];

    for (size_t j = 0; j < col.count; j++)
        logit[j] = state->scale * (double)x[j] + state->from[col.start + j];
    double most = largest(logit, col.count);
    if (most > *max) {
        *sum *= exp(*max - most);
        *max = most;
    }
    for (size_t j = 0; j < col.count; j++)
        difference[j] = (float)(logit[j] - *max);
    *sum += kernel_exp(difference, col.count, 1.0f, 0.0f, NULL);
}

/* to[i] = -lse_j(scale B + from) for one block of rows. */
static void row_task(void *context, size_t task, size_t worker)
{
    struct state *state = context;
    struct span row = blocks_span(task, BLOCK_ROWS, state->blocks.rows);
    float *block = worker_block(state, worker);
    double max[BLOCK_ROWS], sum[BLOCK_ROWS] = {0};

    for (size_t i = 0; i < row.count; i++)
        max[i] = -INFINITY;
    for (size_t c = 0; c < state->blocks.column_blocks && !job_cancelled(state->job); c++) {
        struct span col = blocks_span(c, BLOCK_COLS, state->blocks.cols);
        make_block(state, row, col, block);
        for (size_t i = 0; i < row.count; i++)
            add_to_row(state, block + i * col.count, col, &max[i], &sum[i]);
    }
    for (size_t i = 0; i < row.count; i++)
        state->to[row.start + i] = -(max[i] + log(sum[i]));
}

static void add_to_columns(const struct state *state, const float *block, struct span row, size_t width, double *max,
                           double *sum)
{
    double most[BLOCK_COLS];
    float part[BLOCK_COLS] = {0};

    memcpy(most, max, width * sizeof *most);
    for (size_t i = 0; i < row.count; i++) {
        const float *x = block + i * width;
        double from = state->from[row.start + i];
        for (size_t j = 0; j < width; j++) {
            double logit = state->scale * (double)x[j] + from;
            most[j] = logit > most[j] ? logit : most[j];
        }
    }
    for (size_t i = 0; i < row.count; i++) {
        const float *x = block + i * width;
        double from = state->from[row.start + i];
        for (size_t j = 0; j < width; j++)
            part[j] += kernel_expf((float)(state->scale * (double)x[j] + from - most[j]));
    }
    for (size_t j = 0; j < width; j++) {
        if (most[j] > max[j])
            sum[j] *= exp(max[j] - most[j]);
        sum[j] += (double)part[j];
        max[j] = most[j];
    }
}

/* One segment's share of to[j] = -lse_i(scale B + from). */
static void column_task(void *context, size_t task, size_t worker)
{
    struct state *state = context;
    struct span col = blocks_task_cols(&state->blocks, task), rows = blocks_task_rows(&state->blocks, task);
    size_t at = task % state->blocks.segments * state->blocks.cols + col.start;
    float *block = worker_block(state, worker);

    for (size_t j = 0; j < col.count; j++) {
        state->max[at + j] = -INFINITY;
        state->sum[at + j] = 0;
    }
    for (size_t done = 0; done < rows.count && !job_cancelled(state->job); done += BLOCK_ROWS) {
        struct span row = blocks_span(done / BLOCK_ROWS, BLOCK_ROWS, rows.count);
        row.start += rows.start;
        make_block(state, row, col, block);
        add_to_columns(state, block, row, col.count, state->max + at, state->sum + at);
    }
}

static void row_step(struct state *state, const double *log_b, double *log_a)
{
    state->from = log_b;
    state->to = log_a;
    pool_run(blocks_ceil(state->blocks.rows, BLOCK_ROWS), row_task, state);
}

static void column_step(struct state *state, const double *log_a, double *log_b)
{
    const struct blocks *blocks = &state->blocks;

    state->from = log_a;
    pool_run(blocks->column_blocks * blocks->segments, column_task, state);
    for (size_t j = 0; j < blocks->cols; j++) {
        double most = -INFINITY, total = 0;
        for (size_t s = 0; s < blocks->segments; s++)
            most = fmax(most, state->max[s * blocks->cols + j]);
        for (size_t s = 0; s < blocks->segments; s++)
            total += state->sum[s * blocks->cols + j] * exp(state->max[s * blocks->cols + j] - most);
        log_b[j] = -(most + log(total));
    }
}

static void keep_task(void *context, size_t task, size_t worker)
{
    struct state *state = context;
    struct span row = blocks_span(task, BLOCK_ROWS, state->blocks.rows);
    size_t m = state->blocks.cols;

    for (size_t c = 0; c < state->blocks.column_blocks && !job_cancelled(state->job); c++) {
        struct span col = blocks_span(c, BLOCK_COLS, m);
        sims_block(state->sims, row.start, row.count, col.start, col.count, state->keep + row.start * m + col.start, m,
                   worker_block(state, worker) + BLOCK_ROWS * BLOCK_COLS);
        job_step(state->job);
    }
}

/* Stores B if that is allowed, worth it and memory can be had; otherwise blocks are made again, which is only slower. */
static void keep_similarities(struct state *state, size_t memory)
{
    size_t n = state->blocks.rows, m = state->blocks.cols;

    if (state->sims->stored || n > memory / sizeof(float) / m || !(state->keep = memory_floats(n * m)))
        return;
    job_expect(state->job, blocks_count(&state->blocks));
    pool_run(blocks_ceil(n, BLOCK_ROWS), keep_task, state);
}

int sinkhorn(const struct sims *b, double scale, size_t iterations, size_t memory, double *log_b, double *log_a,
             double *residual, struct job *job, struct error *error)
{
    struct state state = {.sims = b, .scale = scale, .blocks = blocks_of(b->rows, b->cols), .job = job};
    size_t n = b->rows, m = b->cols, slots = state.blocks.segments * m;
    double *row = memory_array(n, sizeof *row), *column = memory_array(m, sizeof *column);
    int result = -1;

    state.max = memory_array(slots, sizeof *state.max);
    state.sum = memory_array(slots, sizeof *state.sum);
    state.scratch_size = BLOCK_ROWS * BLOCK_COLS + sims_scratch(b, BLOCK_ROWS, BLOCK_COLS);
    state.scratch = memory_floats(pool_workers() * state.scratch_size);
    if (!row || !column || !state.max || !state.sum || !state.scratch) {
        error_memory(error);
        goto done;
    }
    job_expect(job, 2 * (iterations + 1) * blocks_count(&state.blocks));
    keep_similarities(&state, memory);
    struct matrix kept = matrix_view(state.keep, n, m);
    struct sims stored = {.rows = n, .cols = m, .stored = &kept};
    if (state.keep)
        state.sims = &stored;
    for (size_t i = 0; i < iterations && !job_cancelled(job); i++) {
        row_step(&state, log_b, log_a);
        column_step(&state, log_a, log_b);
    }
    /* One step further gives the mass under log_b: with row sums of 1, item j's is exp(log_b[j] + lse_i(Z + log a)). */
    row_step(&state, log_b, row);
    column_step(&state, row, column);
    if (job_cancelled(job)) {
        error_set(error, ERROR_CANCELLED, "cancelled");
        goto done;
    }
    double sum = 0, fair = (double)n / (double)m;
    for (size_t j = 0; j < m; j++)
        sum += fabs(exp(log_b[j] - column[j]) - fair);
    *residual = sum / (double)m;
    result = 0;
done:
    free(row);
    free(column);
    free(state.max);
    free(state.sum);
    free(state.keep);
    free(state.scratch);
    return result;
}
