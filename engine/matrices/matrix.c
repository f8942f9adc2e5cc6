#include "engine/matrices/matrix.h"
#include "engine/base/mapping.h"
#include "engine/kernels/kernels.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct matrix matrix_view(const float *data, size_t rows, size_t cols)
{
    return (struct matrix){.data = data, .rows = rows, .cols = cols, .type = MATRIX_F32};
}

struct matrix matrix_spread(const float *data, size_t rows, size_t cols, ptrdiff_t row_stride, ptrdiff_t col_stride)
{
    if (row_stride == (ptrdiff_t)cols && col_stride == 1)
        return matrix_view(data, rows, cols);
    return (struct matrix){.data = data,
                           .rows = rows,
                           .cols = cols,
                           .type = MATRIX_SPREAD,
                           .row_stride = row_stride,
                           .col_stride = col_stride};
}

static bool is_mapped(const struct matrix *matrix)
{
    return matrix->map && !matrix->owned && matrix->type != MATRIX_SPREAD;
}

static const char *start_of(const struct matrix *matrix, size_t row)
{
    return (const char *)matrix->data +
           row * matrix->cols * (matrix->type == MATRIX_F16 ? sizeof(uint16_t) : sizeof(float));
}

void matrix_forget(const struct matrix *matrix, size_t row, size_t count)
{
    if (is_mapped(matrix))
        mapping_forget(start_of(matrix, row), start_of(matrix, row + count));
}

void matrix_expect(const struct matrix *matrix, size_t row)
{
    if (is_mapped(matrix))
        mapping_expect(start_of(matrix, row), start_of(matrix, row + 1));
}

void matrix_close(struct matrix *matrix)
{
    mapping_close(matrix->map, matrix->map_size);
    free(matrix->owned);
    *matrix = (struct matrix){0};
}

static const float *spread_cell(const struct matrix *matrix, size_t row, size_t col)
{
    return (const float *)matrix->data + (ptrdiff_t)row * matrix->row_stride + (ptrdiff_t)col * matrix->col_stride;
}

void matrix_copy(const struct matrix *matrix, size_t row, size_t start, size_t count, float *out)
{
    size_t at = row * matrix->cols + start;

    if (matrix->type == MATRIX_F32)
        memcpy(out, (const float *)matrix->data + at, count * sizeof *out);
    else if (matrix->type == MATRIX_F16)
        kernel_set()->half((const uint16_t *)matrix->data + at, count, out);
    else if (matrix->col_stride == 1)
        memcpy(out, spread_cell(matrix, row, start), count * sizeof *out);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = *spread_cell(matrix, row, start + i);
}

const float *matrix_rows(const struct matrix *matrix, size_t row, size_t count, float *buffer)
{
    if (matrix->type == MATRIX_F32)
        return (const float *)matrix->data + row * matrix->cols;
    if (matrix->type == MATRIX_F16)
        matrix_copy(matrix, row, 0, count * matrix->cols, buffer);
    else
        for (size_t i = 0; i < count; i++)
            matrix_copy(matrix, row + i, 0, matrix->cols, buffer + i * matrix->cols);
    return buffer;
}

const float *matrix_part(const struct matrix *matrix, size_t row, size_t start, size_t count, float *buffer)
{
    if (matrix->type == MATRIX_F32)
        return (const float *)matrix->data + row * matrix->cols + start;
    matrix_copy(matrix, row, start, count, buffer);
    return buffer;
}
