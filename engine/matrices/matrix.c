#include "engine/matrices/matrix.h"
#include "engine/kernels/kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct matrix matrix_view(const float *data, size_t rows, size_t cols)
{
    return (struct matrix){.data = data, .rows = rows, .cols = cols, .type = MATRIX_F32};
}

void matrix_close(struct matrix *matrix)
{
    if (matrix->map)
        munmap(matrix->map, matrix->map_size);
    free(matrix->owned);
    *matrix = (struct matrix){0};
}

float half_to_float(unsigned short half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    uint32_t bits;

    if (exponent == 0x1f) { /* infinity, NaN */
        bits = sign | 0x7f800000 | fraction << 13;
    } else if (exponent) {
        bits = sign | (exponent + 112) << 23 | fraction << 13;
    } else { /* zero and subnormals: fraction * 2^-24, exact in float */
        float value = (float)fraction * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
        bits |= sign;
    }
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
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
