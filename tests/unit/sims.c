#include "engine/matrices/sims.h"
#include "engine/base/memory.h"
#include "engine/base/pool.h"
#include "engine/kernels/half.h"
#include "engine/matrices/gemm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SOURCE_ROWS = 83, ROWS = 61, COLS = 1301, WIDTH = 37 };

static uint32_t seed = 1;

static float noise(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (float)(seed >> 8) / 8388608.0f - 1.0f;
}

/* A random matrix; as float16 its values are multiples of 1/32, which that format represents exactly. */
static struct matrix random_matrix(size_t rows, size_t cols, enum matrix_type type)
{
    struct matrix matrix = {.rows = rows, .cols = cols, .type = type};
    float *floats = memory_floats(rows * cols);

    assert_non_null(floats);
    if (type == MATRIX_F32) {
        for (size_t i = 0; i < rows * cols; i++)
            floats[i] = noise();
        matrix.owned = floats;
    } else {
        uint16_t *halves = memory_array(rows * cols, sizeof *halves);
        assert_non_null(halves);
        for (size_t i = 0; i < rows * cols; i++) {
            int value = (int)(noise() * 31) + (i % 2 ? 32 : -64), size = abs(value), exponent = 0;
            while (size && size >> (exponent + 1))
                exponent++;
            if (size) /* value / 32 = +-1.f * 2^(exponent - 5) */
                halves[i] = (uint16_t)((value < 0) << 15 | (exponent + 10) << 10 | ((size << (10 - exponent)) & 0x3ff));
        }
        free(floats);
        matrix.owned = halves;
    }
    matrix.data = matrix.owned;
    return matrix;
}

static double value_at(const struct matrix *matrix, size_t row, size_t col)
{
    size_t at = row * matrix->cols + col;

    return matrix->type == MATRIX_F32 ? (double)((const float *)matrix->data)[at]
                                      : (double)half_to_float(((const uint16_t *)matrix->data)[at]);
}

static double expected(const struct sims *sims, size_t row, size_t col)
{
    size_t source = sims->row_map ? sims->row_map[row] : row;
    double sum = 0;

    if (sims->stored)
        return sims->transposed ? value_at(sims->stored, col, source) : value_at(sims->stored, source, col);
    for (size_t k = 0; k < sims->left->cols; k++)
        sum += value_at(sims->left, source, k) * value_at(sims->right, col, k);
    return sum;
}

static void check_blocks(const struct sims *sims)
{
    static const size_t block[][4] = {
        {0, ROWS, 0, COLS}, {3, 1, 7, 1}, {60, 1, 1300, 1}, {5, 33, 64, 71}, {0, 2, 0, 0}};

    for (size_t b = 0; b < sizeof block / sizeof *block; b++) {
        size_t row = block[b][0], rows = block[b][1], col = block[b][2], cols = block[b][3], stride = cols + 3;
        float *out = memory_floats(rows * stride), *scratch = memory_floats(sims_scratch(sims, rows, cols));
        assert_true(out && scratch);
        for (size_t i = 0; i < rows * stride; i++)
            out[i] = -77;
        sims_block(sims, row, rows, col, cols, out, stride, scratch);
        for (size_t i = 0; i < rows; i++) {
            for (size_t j = 0; j < cols; j++)
                assert_float_equal(out[i * stride + j], expected(sims, row + i, col + j), 2e-4);
            for (size_t j = cols; j < stride; j++)
                assert_true(out[i * stride + j] == -77);
        }
        free(out);
        free(scratch);
    }
}

static void check_columns(const struct sims *sims)
{
    float out[ROWS];

    for (size_t col = 0; col < COLS; col += 130) {
        sims_column(sims, col, out);
        for (size_t i = 0; i < ROWS; i++)
            assert_float_equal(out[i], expected(sims, i, col), 2e-4);
    }
}

static uint32_t *backwards(void)
{
    uint32_t *map = memory_array(ROWS, sizeof *map);

    assert_non_null(map);
    for (uint32_t i = 0; i < ROWS; i++)
        map[i] = SOURCE_ROWS - 1 - i;
    return map;
}

static void embeddings_in_every_form(void **state)
{
    uint32_t *map = backwards();

    (void)state;
    for (int form = 0; form < 8; form++) {
        struct matrix left = random_matrix(SOURCE_ROWS, WIDTH, form & 1 ? MATRIX_F16 : MATRIX_F32);
        struct matrix right = random_matrix(COLS, WIDTH, form & 2 ? MATRIX_F16 : MATRIX_F32);
        struct sims sims = {
            .rows = ROWS, .cols = COLS, .left = &left, .right = &right, .row_map = form & 4 ? map : NULL};
        check_blocks(&sims);
        check_columns(&sims);
        matrix_close(&left);
        matrix_close(&right);
    }
    free(map);
}

static void stored_in_every_form(void **state)
{
    uint32_t *map = backwards();

    (void)state;
    for (int form = 0; form < 8; form++) {
        bool transposed = form & 2;
        struct matrix stored = random_matrix(transposed ? COLS : SOURCE_ROWS, transposed ? SOURCE_ROWS : COLS,
                                             form & 1 ? MATRIX_F16 : MATRIX_F32);
        struct sims sims = {
            .rows = ROWS, .cols = COLS, .stored = &stored, .transposed = transposed, .row_map = form & 4 ? map : NULL};
        check_blocks(&sims);
        check_columns(&sims);
        matrix_close(&stored);
    }
    free(map);
}

static void vector_against_the_gallery(void **state)
{
    static const size_t widths[] = {1, 37, 5000}; /* the last is wider than one converted block */

    (void)state;
    for (int form = 0; form < 2; form++)
        for (size_t w = 0; w < 3; w++) {
            size_t width = widths[w];
            struct matrix right = random_matrix(COLS, width, form ? MATRIX_F16 : MATRIX_F32);
            struct matrix left = random_matrix(1, width, MATRIX_F32);
            struct sims sims = {.rows = 1, .cols = COLS, .left = &left, .right = &right};
            float one[COLS], two[COLS];
            pool_set_workers(1);
            sims_vector(&sims, left.data, one, NULL, NULL);
            for (size_t j = 0; j < COLS; j++)
                assert_float_equal(one[j], expected(&sims, 0, j), 1e-6 * (double)width + 1e-5);
            pool_set_workers(2);
            sims_vector(&sims, left.data, two, NULL, NULL);
            assert_memory_equal(one, two, sizeof one);
            matrix_close(&left);
            matrix_close(&right);
        }
}

/* For every cut into panels, and with every set of kernels. */
static void cut_at_groups_rows_keep_their_bits(void **state)
{
    enum { N = 125, M = 67, D = 24, SIZES = 4 };
    static const size_t sizes[SIZES] = {GEMM_GROUP_LEAST, GEMM_GROUP, 72, 96};
    struct matrix left = random_matrix(N, D, MATRIX_F32), right = random_matrix(M, D, MATRIX_F32);
    struct sims sims = {.rows = N, .cols = M, .left = &left, .right = &right};
    float whole[N * M], cut[N * M];
    (void)state;
    sims_block(&sims, 0, N, 0, M, whole, M, NULL);
    for (size_t i = 0; i < SIZES; i++) {
        for (size_t row = 0; row < N; row += sizes[i])
            sims_block(&sims, row, N - row < sizes[i] ? N - row : sizes[i], 0, M, cut + row * M, M, NULL);
        assert_memory_equal(cut, whole, sizeof whole);
    }
    matrix_close(&left);
    matrix_close(&right);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embeddings_in_every_form),
        cmocka_unit_test(stored_in_every_form),
        cmocka_unit_test(vector_against_the_gallery),
        cmocka_unit_test(cut_at_groups_rows_keep_their_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
