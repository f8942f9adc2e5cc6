#include "engine/import/store.h"

#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/formats/npy.h"
#include "engine/formats/output.h"
#include "engine/matrices/facts.h"
#include "engine/matrices/unit_rows.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BLOCK = 1 << 21 /* floats */, TASK = 64 /* rows */ };

struct storing {
    struct store *store;
    const struct matrix *matrix;
    size_t first, rows;   /* of the block */
    float *block;         /* (rows, cols) */
    uint64_t *row_digest; /* (M), or null */
    float *least, *most;  /* of each task */
    FILE *out;
    atomic_bool failed;
};

static size_t block_rows(const struct matrix *matrix)
{
    size_t rows = matrix->cols ? BLOCK / matrix->cols : 1;

    return rows < TASK ? TASK : rows;
}

size_t store_steps(const struct matrix *matrix)
{
    return (matrix->rows + block_rows(matrix) - 1) / block_rows(matrix);
}

static void take_row(const struct storing *storing, size_t row, float *least, float *most)
{
    const struct store *store = storing->store;
    size_t cols = storing->matrix->cols;
    float *out = storing->block + (row - storing->first) * cols;

    matrix_copy(storing->matrix, row, 0, cols, out);
    if (store->scale)
        unit_rows_scale_row(out, cols, store->tolerance);
    if (storing->row_digest)
        storing->row_digest[row] = unit_rows_digest(out, 1, cols, 0);
    for (size_t i = 0; i < cols; i++) {
        *least = out[i] < *least ? out[i] : *least;
        *most = out[i] > *most ? out[i] : *most;
    }
}

static void take_rows(void *context, size_t task, size_t worker)
{
    struct storing *storing = context;
    size_t from = storing->first + task * TASK, end = storing->first + storing->rows;
    float least = INFINITY, most = -INFINITY;

    (void)worker;
    for (size_t row = from; row < from + TASK && row < end; row++)
        take_row(storing, row, &least, &most);
    storing->least[task] = least;
    storing->most[task] = most;
}

static int write_block(const struct storing *storing, size_t count)
{
    const uint16_t *halves = storing->matrix->data;

    if (storing->store->halves)
        return fwrite(halves + storing->first * storing->matrix->cols, sizeof *halves, count, storing->out) != count;
    return fwrite(storing->block, sizeof(float), count, storing->out) != count;
}

/* What goes through the whole block in order. */
static void use_block(void *context, size_t use, size_t worker)
{
    struct storing *storing = context;
    struct store *store = storing->store;
    size_t count = storing->rows * storing->matrix->cols;

    (void)worker;
    if (use == 0)
        store->digest = unit_rows_digest_add(storing->block, count, store->digest);
    else if (use == 1)
        store->chained = unit_rows_digest_add(storing->block, count, store->chained);
    else if (write_block(storing, count))
        atomic_store(&storing->failed, true);
}

enum { USES = 3 };

static int store_blocks(struct storing *storing, struct job *job, struct error *error)
{
    struct store *store = storing->store;
    const struct matrix *matrix = storing->matrix;
    size_t at_once = block_rows(matrix);

    store->digest = unit_rows_digest_begin(matrix->rows, matrix->cols, 0);
    store->chained = unit_rows_digest_begin(matrix->rows, matrix->cols, store->chained);
    store->least = INFINITY;
    store->most = -INFINITY;
    for (storing->first = 0; storing->first < matrix->rows && !storing->failed; storing->first += storing->rows) {
        size_t left = matrix->rows - storing->first;
        storing->rows = left < at_once ? left : at_once;
        size_t tasks = (storing->rows + TASK - 1) / TASK;
        if (job_cancelled(job))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        pool_run(tasks, take_rows, storing);
        for (size_t i = 0; i < tasks; i++) {
            store->least = fminf(store->least, storing->least[i]);
            store->most = fmaxf(store->most, storing->most[i]);
        }
        pool_run(USES, use_block, storing);
        matrix_forget(matrix, storing->first, storing->rows);
        job_step(job);
    }
    return storing->failed ? 1 : 0;
}

static int open_room(struct storing *storing)
{
    const struct matrix *matrix = storing->matrix;
    size_t rows = block_rows(matrix);

    if (matrix->cols > SIZE_MAX / rows / sizeof(float))
        return -1;
    storing->block = memory_floats((rows < matrix->rows ? rows : matrix->rows) * matrix->cols);
    storing->least = memory_floats(rows / TASK + 1);
    storing->most = memory_floats(rows / TASK + 1);
    if (storing->store->repeats)
        storing->row_digest = memory_array(matrix->rows, sizeof *storing->row_digest);
    bool made = storing->block && storing->least && storing->most;
    return made && (storing->row_digest || !storing->store->repeats) ? 0 : -1;
}

int store_matrix(struct store *store, const struct matrix *matrix, const char *path, struct job *job,
                 struct error *error)
{
    struct storing storing = {.store = store, .matrix = matrix};
    enum npy_type type = store->halves ? NPY_F16 : NPY_F32;
    struct output output;

    if (output_open(&output, path, true, error))
        return -1;
    storing.out = output.stream;
    int status = open_room(&storing) ? error_memory(error)
                                     : npy_begin(output.stream, path, type, matrix->rows, matrix->cols, error);
    if (!status)
        status = store_blocks(&storing, job, error);
    if (!status && store->repeats)
        store->repeated = facts_repeated(storing.row_digest, matrix->rows);
    free(storing.block);
    free(storing.least);
    free(storing.most);
    free(storing.row_digest);
    if (!status)
        return output_commit(&output, error);
    if (status > 0)
        error_system(error, "%s: cannot be written", path);
    output_abandon(&output);
    return -1;
}
