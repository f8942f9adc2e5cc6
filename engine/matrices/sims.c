#include "engine/matrices/sims.h"
#include "engine/base/crew.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/half.h"
#include "engine/kernels/kernels.h"
#include "engine/matrices/gemm.h"
#include "engine/matrices/tiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECE = 4096, /* floats of a vector converted at once */
    CHUNK = 1024, /* rows of a matrix-vector product in one task: fixed, so results never depend on workers */
    TILE = 32,
    LINE = 32,  /* float16 elements in a cache line */
    AHEAD = 6,  /* rows prefetched while one is multiplied */
    EXACT = 512 /* floats of a pair of vectors multiplied at once in double precision */
};

size_t sims_scratch(const struct sims *sims, size_t rows, size_t cols)
{
    size_t left = 0, right = 0;

    if (sims->stored)
        return 0;
    if (sims->row_map || sims->left->type != MATRIX_F32)
        left = rows * sims->left->cols;
    if (sims->right->type != MATRIX_F32)
        right = cols * sims->right->cols;
    return left + right;
}

static size_t source_row(const struct sims *sims, size_t row)
{
    return sims->row_map ? sims->row_map[row] : row;
}

static float cell(const struct matrix *matrix, size_t row, size_t col)
{
    size_t at = row * matrix->cols + col;
    float spread;

    if (matrix->type == MATRIX_F32)
        return ((const float *)matrix->data)[at];
    if (matrix->type == MATRIX_F16)
        return half_to_float(((const uint16_t *)matrix->data)[at]);
    matrix_copy(matrix, row, col, 1, &spread);
    return spread;
}

/* Tile by tile, so that both matrices are accessed in pieces that stay in cache. */
static void copy_transposed(const struct sims *sims, size_t row, size_t rows, size_t col, size_t cols, float *out,
                            size_t stride)
{
    for (size_t i0 = 0; i0 < rows; i0 += TILE)
        for (size_t j0 = 0; j0 < cols; j0 += TILE)
            for (size_t i = i0; i < rows && i < i0 + TILE; i++) {
                size_t source = source_row(sims, row + i);
                for (size_t j = j0; j < cols && j < j0 + TILE; j++)
                    out[i * stride + j] = cell(sims->stored, col + j, source);
            }
}

const float *sims_rows(const struct sims *sims, size_t row, size_t rows, float *buffer)
{
    size_t width = sims->left->cols;

    if (!sims->row_map)
        return matrix_rows(sims->left, row, rows, buffer);
    for (size_t i = 0; i < rows; i++)
        matrix_copy(sims->left, sims->row_map[row + i], 0, width, buffer + i * width);
    return buffer;
}

void sims_block(const struct sims *sims, size_t row, size_t rows, size_t col, size_t cols, float *out, size_t stride,
                float *scratch)
{
    if (sims->stored && sims->transposed) {
        copy_transposed(sims, row, rows, col, cols, out, stride);
    } else if (sims->stored) {
        for (size_t i = 0; i < rows; i++)
            matrix_copy(sims->stored, source_row(sims, row + i), col, cols, out + i * stride);
    } else {
        size_t width = sims->right->cols;
        bool copied = sims->row_map || sims->left->type != MATRIX_F32;
        const float *left = sims_rows(sims, row, rows, scratch);
        const float *right = matrix_rows(sims->right, col, cols, copied ? scratch + rows * width : scratch);
        gemm(rows, cols, width, left, width, right, width, out, stride);
    }
}

/* A matrix-vector product over columns [start, start + width), in which the matrix may be float16 and its rows
 * mapped. */
struct product {
    const struct matrix *matrix;
    const uint32_t *row_map;
    size_t first, rows, start, width; /* first: row, at a chunk's beginning */
    const float *vector;              /* (width) */
    float *out;                       /* (first + rows), added to from `first` on */
    struct job *job;
};

static size_t source_of(const struct product *product, size_t row)
{
    return product->row_map ? product->row_map[row] : row;
}

/* Also of matrices that are spread, a row at a time. */
static void add_floats(const struct product *product, size_t from, size_t to)
{
    const struct matrix *matrix = product->matrix;
    float buffer[PIECE];

    for (size_t row = from; row < to; row++) {
        const float *x = matrix_part(matrix, source_of(product, row), product->start, product->width, buffer);
        double sum = 0;
        for (size_t ahead = 0; x != buffer && ahead < product->width; ahead += LINE / 2)
            __builtin_prefetch(x + AHEAD * matrix->cols + ahead); /* prefetchers stop at each page */
        kernel_set()->dots(product->vector, product->width, &x, 1, &sum);
        product->out[row] += (float)sum;
    }
}

static void add_halves(const struct product *product, size_t from, size_t to)
{
    const uint16_t *data = (const uint16_t *)product->matrix->data + product->start;
    size_t cols = product->matrix->cols;

    for (size_t row = from; row < to; row++) {
        const uint16_t *x = data + source_of(product, row) * cols;
        for (size_t ahead = 0; ahead < product->width; ahead += LINE)
            __builtin_prefetch(x + AHEAD * cols + ahead);
        product->out[row] += kernel_set()->half_dot(x, product->vector, product->width);
    }
}

static void product_chunk(void *context, size_t chunk, size_t worker)
{
    const struct product *product = context;
    size_t from = product->first + chunk * CHUNK, end = product->first + product->rows;
    size_t to = from + CHUNK < end ? from + CHUNK : end;

    (void)worker;
    if (job_cancelled(product->job))
        return;
    if (product->matrix->type == MATRIX_F16)
        add_halves(product, from, to);
    else
        add_floats(product, from, to);
}

/* Adds the products with the piece of a vector that begins at `start`. */
static void product_add(struct product *product, size_t start, const float *piece)
{
    size_t left = product->matrix->cols - start;

    product->start = start;
    product->width = left < PIECE ? left : PIECE;
    product->vector = piece;
    pool_run(tiles_ceil(product->rows, CHUNK), product_chunk, product);
}

static void product_run(struct product *product, const float *vector)
{
    memset(product->out + product->first, 0, product->rows * sizeof *product->out);
    for (size_t start = 0; start < product->matrix->cols; start += PIECE)
        product_add(product, start, vector + start);
}

int sims_vector(const struct sims *sims, const float *vector, float *out, struct job *job, struct error *error)
{
    struct product product = {.matrix = sims->right, .rows = sims->cols, .out = out, .job = job};
    size_t chunks = tiles_ceil(sims->cols, CHUNK);

    if (crew_splits()) {
        struct crew_share share = crew_share(chunks);
        struct span rows = tiles_run(share.start, share.count, CHUNK, sims->cols);
        product.first = rows.start;
        product.rows = rows.count;
    }
    product_run(&product, vector);
    if (job_cancelled(job))
        return error_set(error, ERROR_CANCELLED, "cancelled");
    return crew_splits() ? crew_fill(out, chunks, CHUNK * sizeof *out, sims->cols * sizeof *out, error) : 0;
}

void sims_some(const struct sims *sims, const float *vector, const uint32_t *items, size_t count, float *out)
{
    struct product product = {.matrix = sims->right, .row_map = items, .rows = count, .out = out};

    for (size_t i = 0; i < count; i++) /* all at once rather than one after the other */
        matrix_expect(sims->right, items[i]);
    product_run(&product, vector);
}

void sims_column(const struct sims *sims, size_t col, float *out)
{
    if (sims->stored) {
        for (size_t i = 0; i < sims->rows; i++)
            out[i] = sims->transposed ? cell(sims->stored, col, source_row(sims, i))
                                      : cell(sims->stored, source_row(sims, i), col);
        return;
    }
    struct product product = {.matrix = sims->left, .row_map = sims->row_map, .rows = sims->rows, .out = out};
    memset(out, 0, sims->rows * sizeof *out);
    for (size_t start = 0; start < sims->left->cols; start += PIECE) {
        float piece[PIECE];
        size_t left = sims->left->cols - start;
        matrix_copy(sims->right, col, start, left < PIECE ? left : PIECE, piece);
        product_add(&product, start, piece);
    }
}

/* Several sums side by side, always in the same order. */
static double exact_dot(const float *x, const float *y, size_t n)
{
    enum { SUMS = 8 };
    double sum[SUMS] = {0}, total = 0;
    size_t i = 0;

    for (; i + SUMS <= n; i += SUMS)
        for (size_t l = 0; l < SUMS; l++)
            sum[l] += (double)x[i + l] * (double)y[i + l];
    for (; i < n; i++)
        total += (double)x[i] * (double)y[i];
    for (size_t l = 0; l < SUMS; l++)
        total += sum[l];
    return total;
}

double sims_exact(const struct sims *sims, const float *vector, size_t row, size_t col)
{
    if (sims->stored)
        return (double)(sims->transposed ? cell(sims->stored, col, source_row(sims, row))
                                         : cell(sims->stored, source_row(sims, row), col));
    size_t width = sims->right->cols, source = vector ? 0 : source_row(sims, row);
    double sum = 0;
    for (size_t start = 0; start < width; start += EXACT) {
        float left[EXACT], right[EXACT];
        size_t count = width - start < EXACT ? width - start : EXACT;
        if (!vector)
            matrix_copy(sims->left, source, start, count, left);
        matrix_copy(sims->right, col, start, count, right);
        sum += exact_dot(vector ? vector + start : left, right, count);
    }
    return sum;
}

/* The largest squared length of some of the rows; `row_map` may be null. */
static double longest_of(const struct matrix *matrix, const uint32_t *row_map, struct span rows)
{
    double most = 0;

    for (size_t i = rows.start; i < rows.start + rows.count; i++) {
        size_t row = row_map ? row_map[i] : i;
        double square = 0;
        for (size_t start = 0; start < matrix->cols; start += PIECE) {
            float piece[PIECE];
            const float *x = piece;
            size_t count = matrix->cols - start < PIECE ? matrix->cols - start : PIECE;
            matrix_copy(matrix, row, start, count, piece);
            kernel_set()->dots(x, count, &x, 1, &square);
        }
        most = square > most ? square : most;
    }
    return most;
}

/* The same of all rows, of which each process of a crew reads a share.  Where this exchange fails, the next one says
 * so. */
static double longest(const struct matrix *matrix, const uint32_t *row_map, size_t rows)
{
    struct crew_share tiles = crew_share(tiles_ceil(rows, TILE_COLS));

    if (!crew_meets())
        return longest_of(matrix, row_map, (struct span){0, rows});
    double own = longest_of(matrix, row_map, tiles_run(tiles.start, tiles.count, TILE_COLS, rows)), most = 0;
    double *all = memory_array(crew_size(), sizeof *all);

    if (all && crew_collect(&own, sizeof own, all, NULL) == 0)
        for (size_t r = 0; r < crew_size(); r++)
            most = all[r] > most ? all[r] : most;
    free(all);
    return most;
}

double sims_most(const struct sims *sims)
{
    const double rounding = 1 + 1e-5; /* of the product */

    return rounding * sqrt(longest(sims->left, sims->row_map, sims->rows) * longest(sims->right, NULL, sims->cols));
}
