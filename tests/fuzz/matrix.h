/* For harnesses of matrix readers: reads an input in every possible way, to its last element. */
#ifndef HUBSCOPE_TESTS_FUZZ_MATRIX_H
#define HUBSCOPE_TESTS_FUZZ_MATRIX_H

#include "engine/formats/matrix_file.h"
#include "tests/fuzz/input.h"

static inline void matrix_sum(const struct matrix_request *request)
{
    struct matrix matrix;

    if (matrix_file_read(request, &matrix, NULL))
        return;
    float *buffer = malloc(matrix.cols * sizeof *buffer);
    volatile float sum = 0;
    for (size_t row = 0; buffer && row < matrix.rows; row++) {
        const float *cells = matrix_rows(&matrix, row, 1, buffer);
        for (size_t i = 0; i < matrix.cols; i++)
            sum = sum + cells[i];
    }
    free(buffer);
    matrix_close(&matrix);
}

static inline void matrix_read(const char *spec)
{
    static const char *const key[] = {"a.mp4", "b"};
    struct matrix_keys keys = {.key = key, .count = 2, .from = "keys"};
    int64_t *values;
    bool *flags;
    size_t count;

    matrix_sum(&(struct matrix_request){.spec = spec});
    matrix_sum(&(struct matrix_request){.spec = spec, .pool = POOL_MAX, .any_order = true});
    matrix_sum(&(struct matrix_request){.spec = spec, .pool = POOL_MEAN, .keys = &keys});
    if (matrix_file_integers(spec, &values, &count, NULL) == 0)
        free(values);
    if (matrix_file_mask(spec, &flags, &count, NULL) == 0)
        free(flags);
}

#endif
