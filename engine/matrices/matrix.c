#include "engine/matrices/matrix.h"
#include "engine/base/mapping.h"
#include "engine/kernels/kernels.h"

#include <stdint.h>
#include <stdlib.h>

struct matrix matrix_view(const float *data, size_t rows, size_t cols)
{
    return (struct matrix){.data = data, .rows = rows, .cols = cols, .type = MATRIX_F32};
}

void matrix_close(struct matrix *matrix)
{
    mapping_close(matrix->map, matrix->map_size);
    free(matrix->owned);
    *matrix = (struct matrix){0};
}

const float *matrix_rows(const struct matrix *matrix, size_t row, size_t count, float *buffer)
{
    size_t start = row * matrix->cols, cells = count * matrix->cols;

    if (matrix->type == MATRIX_F32)
        return (const float *)matrix->data + start;
    kernel_set()->half((const uint16_t *)matrix->data + start, cells, buffer);
    return buffer;
}

const float *matrix_part(const struct matrix *matrix, size_t row, size_t start, size_t count, float *buffer)
{
    const size_t width = matrix->type == MATRIX_F16 ? 2 : sizeof(float);
    const struct matrix part = {.data = (const char *)matrix->data + (row * matrix->cols + start) * width,
                                .rows = 1,
                                .cols = count,
                                .type = matrix->type};

    return matrix_rows(&part, 0, 1, buffer);
}
