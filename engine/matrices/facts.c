#include "engine/matrices/facts.h"
#include "engine/base/memory.h"
#include "engine/matrices/unit_rows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int matrix_range(const struct matrix *matrix, double *least, double *most)
{
    float *buffer = memory_floats(matrix->cols);
    float low = INFINITY, high = -INFINITY;

    if (!buffer)
        return -1;
    for (size_t row = 0; row < matrix->rows; row++) {
        const float *values = matrix_rows(matrix, row, 1, buffer);
        for (size_t j = 0; j < matrix->cols; j++) {
            low = values[j] < low ? values[j] : low;
            high = values[j] > high ? values[j] : high;
        }
    }
    free(buffer);
    *least = low <= high ? low : NAN;
    *most = low <= high ? high : NAN;
    return 0;
}

static int by_digest(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

int matrix_repeated_rows(const struct matrix *matrix, size_t *repeated)
{
    uint64_t *digest = memory_array(matrix->rows, sizeof *digest);
    float *buffer = memory_floats(matrix->cols);
    int status = -1;

    *repeated = 0;
    if (!digest || !buffer)
        goto done;
    for (size_t row = 0; row < matrix->rows; row++)
        digest[row] = unit_rows_digest(matrix_rows(matrix, row, 1, buffer), 1, matrix->cols, 0);
    qsort(digest, matrix->rows, sizeof *digest, by_digest);
    for (size_t i = 0; i < matrix->rows; i++)
        *repeated += (i > 0 && digest[i] == digest[i - 1]) || (i + 1 < matrix->rows && digest[i] == digest[i + 1]);
    status = 0;
done:
    free(digest);
    free(buffer);
    return status;
}
