/* Looking through a matrix for NaN and infinite values: at every place of it, of either type, and once only. */
#include "engine/matrices/finite.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 513, COLS = 1024, COUNT = ROWS * COLS }; /* more than two pieces of the walk */

static const size_t place[] = {0, 1, 15, COLS, (1 << 18) - 1, 1 << 18, (1 << 18) + 7, COUNT - 1};

static void test_floats(void **state)
{
    (void)state;
    static const float tame[] = {0, -0.0f, FLT_MAX, -FLT_MAX, FLT_MIN, 1e-42f},
                       wild[] = {NAN, -NAN, INFINITY, -INFINITY};
    float *value = calloc(COUNT, sizeof *value);

    for (size_t i = 0; i < COUNT; i++)
        value[i] = tame[i % 6];
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        float kept = value[place[i]];
        value[place[i]] = wild[i % 4];
        struct matrix matrix = matrix_view(value, ROWS, COLS);
        assert_false(matrix_finite(&matrix, NULL));
        assert_false(matrix.finite);
        value[place[i]] = kept;
        assert_true(matrix_finite(&matrix, NULL));
        assert_true(matrix.finite);
    }
    free(value);
}

static void test_halves(void **state)
{
    (void)state;
    static const uint16_t tame[] = {0, 0x8000, 0x7bff, 0xfbff, 0x0001, 0x83ff},
                          wild[] = {0x7e00, 0xfe00, 0x7c00, 0xfc00};
    uint16_t *value = calloc(COUNT, sizeof *value);

    for (size_t i = 0; i < COUNT; i++)
        value[i] = tame[i % 6];
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        struct matrix matrix = {.data = value, .rows = ROWS, .cols = COLS, .type = MATRIX_F16};
        uint16_t kept = value[place[i]];
        value[place[i]] = wild[i % 4];
        assert_false(matrix_finite(&matrix, NULL));
        value[place[i]] = kept;
        assert_true(matrix_finite(&matrix, NULL));
    }
    free(value);
}

static void test_cancelled_is_not_remembered(void **state)
{
    (void)state;
    float value[4] = {1, NAN, 1, 1};
    struct matrix matrix = matrix_view(value, 2, 2);
    struct job job = {0};

    atomic_store(&job.cancel, true);
    assert_true(matrix_finite(&matrix, &job));
    assert_false(matrix.finite);
    atomic_store(&job.cancel, false);
    assert_false(matrix_finite(&matrix, &job));
}

static void test_empty(void **state)
{
    (void)state;
    struct matrix matrix = {0};

    assert_true(matrix_finite(&matrix, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_cancelled_is_not_remembered),
        cmocka_unit_test(test_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
