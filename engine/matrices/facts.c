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

/* (rows) digests of the rows; null when out of memory. */
static uint64_t *digest_rows(const struct matrix *matrix)
{
    uint64_t *digest = memory_array(matrix->rows, sizeof *digest);
    float *buffer = memory_floats(matrix->cols);

    for (size_t row = 0; digest && buffer && row < matrix->rows; row++)
        digest[row] = unit_rows_digest(matrix_rows(matrix, row, 1, buffer), 1, matrix->cols, 0);
    if (!buffer) {
        free(digest);
        digest = NULL;
    }
    free(buffer);
    return digest;
}

size_t facts_repeated(uint64_t *digest, size_t rows)
{
    size_t repeated = 0;

    qsort(digest, rows, sizeof *digest, by_digest);
    for (size_t i = 0; i < rows; i++)
        repeated += (i > 0 && digest[i] == digest[i - 1]) || (i + 1 < rows && digest[i] == digest[i + 1]);
    return repeated;
}

int matrix_repeated_rows(const struct matrix *matrix, size_t *repeated)
{
    uint64_t *digest = digest_rows(matrix);

    *repeated = 0;
    if (!digest)
        return -1;
    *repeated = facts_repeated(digest, matrix->rows);
    free(digest);
    return 0;
}

int matrix_shared_rows(const struct matrix *matrix, const struct matrix *other, bool *shared)
{
    uint64_t *digest = digest_rows(matrix), *sorted = digest_rows(other);
    int status = digest && sorted ? 0 : -1;

    if (status == 0)
        qsort(sorted, other->rows, sizeof *sorted, by_digest);
    for (size_t i = 0; status == 0 && i < matrix->rows; i++)
        shared[i] = bsearch(&digest[i], sorted, other->rows, sizeof *sorted, by_digest);
    free(digest);
    free(sorted);
    return status;
}
