#include "engine/matrices/unit_rows.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 6 };

struct fault { /* rows with the same defect */
    size_t count, row[LISTED];
    size_t col; /* column of the defect in the first such row; SIZE_MAX: the whole row */
};

static void note(struct fault *fault, size_t row, size_t col)
{
    if (fault->count == 0)
        fault->col = col;
    if (fault->count < LISTED)
        fault->row[fault->count] = row;
    fault->count++;
}

static size_t first_wild(const float *row, size_t cols)
{
    size_t i = 0;

    while (i < cols && isfinite(row[i]))
        i++;
    return i;
}

/* "3 rows hold NaN or infinite values (rows 4, 9, 17; the first in column 2)" */
static void describe(const struct fault *fault, const char *one, const char *several, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%zu %s (%s ", fault->count, fault->count == 1 ? one : several,
                                   fault->count == 1 ? "row" : "rows");

    for (size_t i = 0; i < fault->count && i < LISTED && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%zu", i ? ", " : "", fault->row[i]);
    if (used < size)
        used += (size_t)snprintf(text + used, size - used, "%s", fault->count > LISTED ? ", ..." : "");
    if (used < size && fault->col != SIZE_MAX)
        used += (size_t)snprintf(text + used, size - used, "%s column %zu",
                                 fault->count > 1 ? "; the first in" : ", in", fault->col);
    if (used < size)
        snprintf(text + used, size - used, ")");
}

static int refuse(const struct fault *wild, const struct fault *zero, const char *path, struct error *error)
{
    char first[240] = "", second[200] = "";

    if (wild->count)
        describe(wild, "row holds NaN or infinite values", "rows hold NaN or infinite values", first, sizeof first);
    if (zero->count)
        describe(zero, "row is all zeros", "rows are all zeros", second, sizeof second);
    return error_set(error, ERROR_INPUT, "%s: %s%s%s, counted from 0; repair or remove them", path, first,
                     *first && *second ? "; " : "", second);
}

size_t unit_rows_steps(const struct matrix *matrix)
{
    return (matrix->rows + UNIT_ROWS_STEP - 1) / UNIT_ROWS_STEP;
}

static double square_sum(const float *row, size_t cols)
{
    double sum = 0;

    for (size_t i = 0; i < cols; i++)
        sum += (double)row[i] * (double)row[i];
    return sum;
}

enum { TASK = 32 }; /* rows */

struct squares { /* of the rows of a step */
    const float *rows;
    size_t count, cols;
    double sum[UNIT_ROWS_STEP];
};

static void sum_squares(void *context, size_t task, size_t worker)
{
    struct squares *squares = context;

    (void)worker;
    for (size_t i = task * TASK; i < (task + 1) * TASK && i < squares->count; i++)
        squares->sum[i] = square_sum(squares->rows + i * squares->cols, squares->cols);
}

struct found { /* in some rows */
    struct fault wild, zero;
    double off; /* how far a row's length is from 1 at most */
};

/* Walks some of the rows once; rows of zeros are faults if `lengths` matter. */
static int walk(const struct matrix *matrix, struct span part, bool lengths, struct found *found, struct job *job,
                struct error *error)
{
    struct squares squares = {.cols = matrix->cols};
    size_t end = part.start + part.count;
    float *buffer = NULL;

    if (matrix->type != MATRIX_F32 && !(buffer = memory_floats(UNIT_ROWS_STEP * matrix->cols)))
        return error_memory(error);
    for (size_t start = part.start; start < end; start += UNIT_ROWS_STEP) {
        size_t count = end - start < UNIT_ROWS_STEP ? end - start : UNIT_ROWS_STEP;
        const float *rows = matrix_rows(matrix, start, count, buffer);
        if (job_cancelled(job)) {
            free(buffer);
            return error_set(error, ERROR_CANCELLED, "cancelled");
        }
        squares.rows = rows;
        squares.count = count;
        pool_run((count + TASK - 1) / TASK, sum_squares, &squares);
        for (size_t i = 0; i < count; i++) {
            /* Squares of floats never overflow a double: the sum is finite exactly when all values are. */
            double sum = squares.sum[i];
            if (!isfinite(sum))
                note(&found->wild, start + i, first_wild(rows + i * matrix->cols, matrix->cols));
            else if (lengths && sum == 0)
                note(&found->zero, start + i, SIZE_MAX);
            else if (lengths)
                found->off = fmax(found->off, fabs(sqrt(sum) - 1));
        }
        matrix_forget(matrix, start, count);
        job_step(job);
    }
    free(buffer);
    return 0;
}

/* Adds faults of later rows. */
static void add_faults(struct fault *fault, const struct fault *more)
{
    if (fault->count == 0)
        fault->col = more->col;
    for (size_t i = 0; i < more->count && i < LISTED && fault->count + i < LISTED; i++)
        fault->row[fault->count + i] = more->row[i];
    fault->count += more->count;
}

/* Walks all rows, each process of a crew a share of them. */
static int walk_together(const struct matrix *matrix, bool lengths, struct found *found, struct job *job,
                         struct error *error)
{
    struct crew_share steps = crew_share(unit_rows_steps(matrix));
    struct span own = tiles_run(steps.start, steps.count, UNIT_ROWS_STEP, matrix->rows);
    struct found part = {0}, *all = memory_array(crew_size(), sizeof *all);
    int status = !all ? error_memory(error) : walk(matrix, own, lengths, &part, job, error);

    status = status || crew_collect(&part, sizeof part, all, error) ? -1 : 0;
    for (size_t r = 0; r < crew_size() && !status; r++) {
        add_faults(&found->wild, &all[r].wild);
        add_faults(&found->zero, &all[r].zero);
        found->off = fmax(found->off, all[r].off);
    }
    free(all);
    return status;
}

/* With `off` it also reports how far a row's length is from 1 at most. */
static int inspect(const struct matrix *matrix, double *off, bool together, const char *path, struct job *job,
                   struct error *error)
{
    struct found found = {0};
    int status = together && crew_meets() ? walk_together(matrix, off, &found, job, error)
                                          : walk(matrix, (struct span){0, matrix->rows}, off, &found, job, error);

    if (off)
        *off = found.off;
    if (!status && (found.wild.count || found.zero.count))
        status = refuse(&found.wild, &found.zero, path, error);
    return status;
}

int unit_rows_check(const struct matrix *matrix, const char *path, struct job *job, struct error *error)
{
    return inspect(matrix, NULL, false, path, job, error);
}

int unit_rows_check_together(const struct matrix *matrix, const char *path, struct error *error)
{
    return inspect(matrix, NULL, true, path, NULL, error);
}

int unit_rows_inspect(const struct matrix *matrix, double *off, const char *path, struct job *job, struct error *error)
{
    return inspect(matrix, off, false, path, job, error);
}

int unit_rows_make(struct matrix *matrix, double tolerance, const char *path, struct job *job, struct error *error)
{
    double off;

    if (inspect(matrix, &off, true, path, job, error))
        return -1;
    return off <= tolerance ? 0 : unit_rows_scale(matrix, tolerance, error);
}

void unit_rows_scale_row(float *row, size_t cols, double tolerance)
{
    double length = sqrt(square_sum(row, cols));

    for (size_t j = 0; j < cols && fabs(length - 1) > tolerance; j++)
        row[j] = (float)(row[j] / length);
}

int unit_rows_scale(struct matrix *matrix, double tolerance, struct error *error)
{
    size_t cols = matrix->cols;
    float *copy = cols && matrix->rows > SIZE_MAX / cols ? NULL : memory_floats(matrix->rows * cols);
    if (!copy)
        return error_memory(error);
    const float *rows = matrix_rows(matrix, 0, matrix->rows, copy);
    if (rows != copy)
        memcpy(copy, rows, matrix->rows * cols * sizeof *copy);
    for (size_t i = 0; i < matrix->rows; i++)
        unit_rows_scale_row(copy + i * cols, cols, tolerance);
    struct matrix unit = matrix_view(copy, matrix->rows, cols);
    unit.owned = copy;
    matrix_close(matrix);
    *matrix = unit;
    return 0;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9fb21c651e98df25u;
    return hash ^ hash >> 29;
}

uint64_t unit_rows_digest_begin(size_t rows, size_t cols, uint64_t seed)
{
    return mix(mix(seed, rows), cols);
}

uint64_t unit_rows_digest_add(const float *values, size_t count, uint64_t digest)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        digest = mix(digest, bits);
    }
    return digest;
}

uint64_t unit_rows_digest(const float *values, size_t rows, size_t cols, uint64_t seed)
{
    return unit_rows_digest_add(values, rows * cols, unit_rows_digest_begin(rows, cols, seed));
}
