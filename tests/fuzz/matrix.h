/* For harnesses of matrix readers: reads an input in every possible way, to its last element. */
#ifndef HUBSCOPE_TESTS_FUZZ_MATRIX_H
#define HUBSCOPE_TESTS_FUZZ_MATRIX_H

#include "engine/formats/matrix_file.h"
#include "tests/fuzz/input.h"

static inline void matrix_read(const char *spec)
{
    struct matrix matrix;
    int64_t *values;
    bool *flags;
    size_t count;

    if (matrix_file_open(spec, &matrix, NULL) == 0) {
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
    if (matrix_file_integers(spec, &values, &count, NULL) == 0)
        free(values);
    if (matrix_file_mask(spec, &flags, &count, NULL) == 0)
        free(flags);
}

#endif
