/* Matrices of a collection: present, of the shapes that the catalog gives, with unit rows, and unchanged since
 * import. */
#include "engine/base/item.h"
#include "engine/base/memory.h"
#include "engine/check/parts.h"
#include "engine/formats/file.h"
#include "engine/formats/npy.h"
#include "engine/matrices/unit_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_matrix(struct checking *checking, size_t of, const char *file, const char *split, size_t wanted,
                      struct check *check, struct error *error)
{
    struct check_model *model = &checking->model[of];
    struct check_matrix *grown = memory_grow(checking->matrix, checking->matrices + 1, sizeof *grown);

    if (!grown)
        return error_memory(error);
    checking->matrix = grown;
    struct check_matrix *matrix = &grown[checking->matrices];
    *matrix = (struct check_matrix){.model = of, .wanted = wanted};
    snprintf(matrix->file, sizeof matrix->file, "%s", file);
    snprintf(matrix->split, sizeof matrix->split, "%s", split);
    if (!*file || strchr(file, '/') || file_join(matrix->path, sizeof matrix->path, model->path, file, NULL)) {
        findings_fault(&check->findings, checking->catalog_path, "names of files that cannot be",
                       "%s: names a matrix \"%s\"", checking->catalog_path, file);
        model->shapes = false;
        return 0;
    }
    checking->matrices++;
    model->count++;
    return 0;
}

static int list_matrices(struct checking *checking, size_t of, struct check *check, struct error *error)
{
    struct check_model *model = &checking->model[of];

    model->first = checking->matrices;
    model->shapes = model->dimension > 0;
    if (model->stored ? add_matrix(checking, of, "sims.npy", "query", checking->queries, check, error)
                      : add_matrix(checking, of, "videos.npy", "", checking->videos, check, error) ||
                            add_matrix(checking, of, "queries.npy", "query", checking->queries, check, error))
        return -1;
    for (int kind = 0; kind < 2; kind++) {
        char name[64], file[96];
        int64_t first;
        for (size_t i = 0; catalog_check_bank(checking->catalog, kind, i, name, sizeof name, file, sizeof file, &first);
             i++)
            if (catalog_check_model_bank(checking->catalog, model->folder, kind, i) &&
                add_matrix(checking, of, file, kind ? "" : name,
                           kind || !first ? 0 : catalog_check_texts_of(checking->catalog, name), check, error))
                return -1;
    }
    return 0;
}

static int open_matrix(struct checking *checking, struct check_matrix *matrix, struct check *check, struct error *error)
{
    struct check_model *model = &checking->model[matrix->model];
    struct error reason = {0};
    size_t rows, cols;

    if (npy_open(matrix->path, &matrix->matrix, &reason)) {
        model->shapes = false;
        return findings_take(&check->findings, matrix->path, NULL, &reason, error);
    }
    rows = matrix->matrix.rows;
    cols = matrix->matrix.cols;
    if (matrix->wanted && rows != matrix->wanted)
        findings_fault(&check->findings, matrix->path, NULL, "%s: has %zu rows, but the catalog lists %zu %s",
                       matrix->path, rows, matrix->wanted, *matrix->split ? "texts" : item_text("videos"));
    if (model->dimension && cols != model->dimension)
        findings_fault(&check->findings, matrix->path, NULL, "%s: has %zu columns, but the %s has %zu %s", matrix->path,
                       cols, checking->models > 1 ? "model" : "collection", model->dimension,
                       model->stored ? item_text("videos") : "dimensions");
    if (!rows || !cols)
        findings_fault(&check->findings, matrix->path, NULL, "%s: is empty", matrix->path);
    if (!rows || !cols || (matrix->wanted && rows != matrix->wanted) || cols != model->dimension)
        model->shapes = false;
    return 0;
}

/* The same bank has the same rows in every model. */
static void check_same_rows(struct checking *checking, struct check *check)
{
    for (size_t i = 0; i < checking->matrices; i++)
        for (size_t j = 0; j < i; j++) {
            const struct check_matrix *a = &checking->matrix[j], *b = &checking->matrix[i];
            if (strcmp(a->file, b->file) != 0 || a->wanted || !a->matrix.rows || !b->matrix.rows ||
                a->matrix.rows == b->matrix.rows)
                continue;
            findings_fault(&check->findings, b->path, NULL, "%s: has %zu rows, but %s has %zu", b->path, b->matrix.rows,
                           a->path, a->matrix.rows);
            checking->model[b->model].shapes = false;
            break;
        }
}

static int check_matrices(struct checking *checking, struct check *check, struct error *error)
{
    size_t rows = 0;

    for (size_t i = 0; i < checking->models; i++)
        if (list_matrices(checking, i, check, error))
            return -1;
    for (size_t i = 0; i < checking->matrices; i++) {
        if (open_matrix(checking, &checking->matrix[i], check, error))
            return -1;
        rows += checking->matrix[i].matrix.rows;
    }
    check_same_rows(checking, check);
    checking->shapes = checking->models > 0;
    for (size_t i = 0; i < checking->models; i++)
        checking->shapes = checking->shapes && checking->model[i].shapes;
    snprintf(check->what, sizeof check->what, "%zu files of %zu rows", checking->matrices, rows);
    return 0;
}

const struct check_part check_part_matrices = {
    .name = "matrices", .cheap = true, .needs_catalog = true, .run = check_matrices};

/* Faults of a row; similarities only need to be finite. */
static void check_row(const struct check_matrix *matrix, bool stored, size_t row, const float *values, double tolerance,
                      struct findings *findings)
{
    double squares = 0;
    size_t cols = matrix->matrix.cols, wild = 0;

    for (size_t i = 0; i < cols; i++)
        squares += (double)values[i] * (double)values[i];
    if (!isfinite(squares)) {
        while (wild < cols && isfinite(values[wild]))
            wild++;
        findings_fault(findings, matrix->path, "rows with NaN or infinite values",
                       "%s: row %zu holds a NaN or infinite value, in column %zu", matrix->path, row, wild);
    } else if (stored) {
        return;
    } else if (squares == 0) {
        findings_fault(findings, matrix->path, "rows of zeros", "%s: row %zu is all zeros", matrix->path, row);
    } else if (fabs(sqrt(squares) - 1) > tolerance) {
        findings_fault(findings, matrix->path, "rows that are not of length 1", "%s: row %zu is of length %.6g, not 1",
                       matrix->path, row, sqrt(squares));
    }
}

static int check_rows(struct checking *checking, const struct check_matrix *matrix, struct findings *findings,
                      struct error *error)
{
    const struct matrix *m = &matrix->matrix;
    double tolerance = m->type == MATRIX_F16 ? 1e-3 : 1e-5;
    float *buffer = NULL;
    int failed = 0;

    if (m->type != MATRIX_F32 && !(buffer = memory_floats(UNIT_ROWS_STEP * m->cols)))
        return error_memory(error);
    for (size_t start = 0; start < m->rows && !failed; start += UNIT_ROWS_STEP) {
        size_t count = m->rows - start < UNIT_ROWS_STEP ? m->rows - start : UNIT_ROWS_STEP;
        const float *rows = matrix_rows(m, start, count, buffer);
        for (size_t i = 0; i < count; i++)
            check_row(matrix, checking->model[matrix->model].stored, start + i, rows + i * m->cols, tolerance,
                      findings);
        job_step(checking->job);
        failed = check_cancelled(checking, error);
    }
    free(buffer);
    return failed;
}

/* Every matrix that opened, even if another did not. */
static int check_vectors(struct checking *checking, struct check *check, struct error *error)
{
    size_t rows = 0;
    bool stored = true;

    for (size_t i = 0; i < checking->matrices; i++)
        job_expect(checking->job, unit_rows_steps(&checking->matrix[i].matrix));
    for (size_t i = 0; i < checking->matrices; i++) {
        rows += checking->matrix[i].matrix.rows;
        stored = stored && checking->model[checking->matrix[i].model].stored;
        if (check_rows(checking, &checking->matrix[i], &check->findings, error))
            return -1;
    }
    snprintf(check->what, sizeof check->what, stored ? "%zu rows are finite" : "%zu rows are finite and of length 1",
             rows);
    return 0;
}

const struct check_part check_part_vectors = {.name = "vectors", .needs_catalog = true, .run = check_vectors};

/* As import computes it: over float32, chained through *digest. */
static int add_digest(struct checking *checking, const struct matrix *matrix, uint64_t *digest, struct error *error)
{
    float *copy = NULL;

    job_expect(checking->job, 1);
    if (check_cancelled(checking, error))
        return -1;
    if (matrix->type != MATRIX_F32 && !(copy = memory_floats(matrix->rows * matrix->cols)))
        return error_memory(error);
    const float *rows = matrix_rows(matrix, 0, matrix->rows, copy);
    *digest = unit_rows_digest(rows, matrix->rows, matrix->cols, *digest);
    free(copy);
    job_step(checking->job);
    return 0;
}

/* The digest of this matrix alone when it was imported; false if unknown. */
static bool known_digest(struct checking *checking, const struct check_matrix *matrix, uint64_t *digest)
{
    char key[128], text[64];

    snprintf(key, sizeof key, "digest %s", matrix->file);
    if (!check_model_meta(checking, &checking->model[matrix->model], key, text, sizeof text) || !check_is_digest(text))
        return false;
    *digest = strtoull(text, NULL, 16);
    return true;
}

/* Names the matrices that make the model's digest differ. */
static int blame(struct checking *checking, const struct check_model *model, struct check *check, const char *found,
                 struct error *error)
{
    size_t before = check->findings.faults;

    for (size_t i = model->first; i < model->first + model->count; i++) {
        const struct check_matrix *matrix = &checking->matrix[i];
        uint64_t digest = 0, known;
        if (!known_digest(checking, matrix, &known))
            continue;
        if (add_digest(checking, &matrix->matrix, &digest, error))
            return -1;
        if (digest != known)
            findings_fault(&check->findings, matrix->path, NULL,
                           "%s: is not the matrix that was imported: it was changed or replaced; "
                           "import the collection again",
                           matrix->path);
    }
    if (check->findings.faults == before)
        findings_fault(&check->findings, model->path, NULL,
                       "%s: the matrices are not those that were imported (their digest is %s, the "
                       "catalog has %s); import the collection again",
                       model->path, found, model->digest);
    return 0;
}

static int check_model_digest(struct checking *checking, const struct check_model *model, struct check *check,
                              char text[17], struct error *error)
{
    uint64_t digest = 0;

    for (size_t i = model->first; i < model->first + model->count; i++)
        if (add_digest(checking, &checking->matrix[i].matrix, &digest, error))
            return -1;
    snprintf(text, 17, "%016" PRIx64, digest);
    return strcmp(text, model->digest) != 0 ? blame(checking, model, check, text, error) : 0;
}

static int check_digest(struct checking *checking, struct check *check, struct error *error)
{
    char text[17];
    size_t used = 0;

    for (size_t i = 0; i < checking->models; i++) {
        const struct check_model *model = &checking->model[i];
        if (!*model->digest)
            continue;
        if (check_model_digest(checking, model, check, text, error))
            return -1;
        if (used < sizeof check->what)
            used += (size_t)snprintf(check->what + used, sizeof check->what - used, "%s%s", used ? ", " : "", text);
    }
    check->skipped = !used;
    if (!used)
        snprintf(check->what, sizeof check->what, "the catalog has none");
    else if (used < sizeof check->what)
        snprintf(check->what + used, sizeof check->what - used, ", as they were imported");
    return 0;
}

const struct check_part check_part_digest = {
    .name = "digest", .needs_catalog = true, .needs_shapes = true, .run = check_digest};
