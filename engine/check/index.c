/* The indexes of embeddings: of the existing matrix, and with bounds that hold. */
#include "engine/base/memory.h"
#include "engine/check/parts.h"
#include "engine/collection/collection_model.h"
#include "engine/formats/file.h"
#include "engine/formats/row_codes_file.h"
#include "engine/matrices/unit_rows.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct indexed { /* an index and its matrix */
    const char *path;
    const struct row_codes *codes;
    const struct matrix *matrix;
    size_t wrong, first; /* rows that it does not bound, the first of them */
    uint64_t digest;     /* of the matrix */
};

static void check_row(struct indexed *indexed, size_t row, const float *x)
{
    const struct row_codes *codes = indexed->codes;
    const int8_t *code = codes->code + row * codes->cols;
    double squares = 0;

    for (size_t i = 0; i < codes->cols; i++)
        squares += (double)x[i] * (double)x[i];
    if (row_codes_off(x, codes->cols, code, codes->scale[row]) <= (double)codes->off[row] &&
        sqrt(squares) <= codes->longest)
        return;
    if (!indexed->wrong++)
        indexed->first = row;
}

static int check_rows(struct checking *checking, struct indexed *indexed, struct error *error)
{
    const struct matrix *matrix = indexed->matrix;
    size_t cols = matrix->cols;
    float *buffer = memory_floats(matrix->type == MATRIX_F32 ? 0 : UNIT_ROWS_STEP * cols);
    int failed = buffer ? 0 : error_memory(error);

    indexed->digest = unit_rows_digest_begin(matrix->rows, cols, 0);
    for (size_t start = 0; start < matrix->rows && !failed; start += UNIT_ROWS_STEP) {
        size_t count = matrix->rows - start < UNIT_ROWS_STEP ? matrix->rows - start : UNIT_ROWS_STEP;
        const float *rows = matrix_rows(matrix, start, count, buffer);
        indexed->digest = unit_rows_digest_add(rows, count * cols, indexed->digest);
        for (size_t i = 0; i < count; i++)
            check_row(indexed, start + i, rows + i * cols);
        job_step(checking->job);
        failed = check_cancelled(checking, error);
    }
    free(buffer);
    return failed;
}

static void judge(const struct indexed *indexed, struct check *check)
{
    if (indexed->digest != indexed->codes->digest)
        findings_fault(&check->findings, indexed->path, NULL,
                       "%s: is stale, of another matrix than videos.npy, and is not used; make it again (import "
                       "--add-index)",
                       indexed->path);
    else if (indexed->wrong)
        findings_fault(&check->findings, indexed->path, NULL,
                       "%s: %zu rows are further from their codes than it says, row %zu first; make it again (import "
                       "--add-index)",
                       indexed->path, indexed->wrong, indexed->first);
}

/* *found counts the indexes that exist. */
static int check_model_index(struct checking *checking, const struct check_model *model, size_t *found,
                             struct check *check, struct error *error)
{
    const struct matrix *matrix = &checking->matrix[model->first].matrix;
    struct row_codes codes;
    struct error reason = {0};
    char path[PATH_MAX];

    if (model->stored || file_join(path, sizeof path, model->path, COLLECTION_INDEX, NULL) || access(path, F_OK))
        return 0;
    ++*found;
    if (row_codes_open(path, &codes, &reason))
        return findings_take(&check->findings, path, NULL, &reason, error);
    int failed = 0;
    struct indexed indexed = {.path = path, .codes = &codes, .matrix = matrix};
    if (codes.rows == matrix->rows && codes.cols == matrix->cols) {
        job_expect(checking->job, unit_rows_steps(matrix));
        failed = check_rows(checking, &indexed, error);
    } else {
        indexed.digest = codes.digest + 1; /* of another matrix, plainly */
    }
    if (!failed)
        judge(&indexed, check);
    row_codes_close(&codes);
    return failed;
}

static int check_index(struct checking *checking, struct check *check, struct error *error)
{
    size_t found = 0;

    for (size_t i = 0; i < checking->models; i++)
        if (check_model_index(checking, &checking->model[i], &found, check, error))
            return -1;
    snprintf(check->what, sizeof check->what, found ? "%zu of videos, with bounds that hold" : "none", found);
    return 0;
}

const struct check_part check_part_index = {
    .name = "index", .needs_catalog = true, .needs_shapes = true, .run = check_index};
