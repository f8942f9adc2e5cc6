#include "engine/formats/safetensors_write.h"

#include "engine/base/memory.h"
#include "engine/formats/file.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, LENGTH_SIZE = 8, ENTRY = 256, PARTS = 64 };

static size_t matrix_bytes(const struct matrix *matrix)
{
    return matrix->rows * matrix->cols * (matrix->type == MATRIX_F16 ? 2 : sizeof(float));
}

int safetensors_write(const char *path, const struct safetensors_part *parts, size_t count, struct error *error)
{
    struct file_part pieces[1 + PARTS];
    size_t room = LENGTH_SIZE + count * ENTRY + ALIGNMENT, used = LENGTH_SIZE, offset = 0;

    if (count > PARTS)
        return error_set(error, ERROR_INPUT, "%s: has too many tensors", path);
    char *header = memory_array(room, 1);
    if (!header)
        return error_memory(error);
    for (size_t i = 0; i < count; i++) {
        const struct matrix *matrix = &parts[i].matrix;
        size_t size = matrix_bytes(matrix);
        used += (size_t)snprintf(header + used, room - used,
                                 "%s\"%.80s\":{\"dtype\":\"%s\",\"shape\":[%zu,%zu],"
                                 "\"data_offsets\":[%zu,%zu]}",
                                 i ? "," : "{", parts[i].name, matrix->type == MATRIX_F16 ? "F16" : "F32", matrix->rows,
                                 matrix->cols, offset, offset + size);
        pieces[1 + i] = (struct file_part){matrix->data, size};
        offset += size; /* the format allows no holes */
    }
    used += (size_t)snprintf(header + used, room - used, "}");
    while (used % ALIGNMENT)
        header[used++] = ' ';
    for (size_t i = 0; i < LENGTH_SIZE; i++)
        header[i] = (char)(unsigned char)((used - LENGTH_SIZE) >> 8 * i);
    pieces[0] = (struct file_part){header, used};
    int failed = file_write(path, pieces, 1 + count, error);
    free(header);
    return failed;
}

static unsigned short half_from_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;

    if (magnitude > 0x7f800000) /* NaN */
        return (unsigned short)(sign | 0x7e00);
    if (magnitude >= 0x477ff000) /* 65520 and more round to infinity */
        return (unsigned short)(sign | 0x7c00);
    if (magnitude < 0x38800000) { /* subnormal: whole steps of 2^-24 */
        float steps, value;
        memcpy(&value, &magnitude, sizeof value);
        steps = value * 0x1p24f + 0x1p23f; /* rounds to an integer, ties to even */
        memcpy(&bits, &steps, sizeof bits);
        return (unsigned short)(sign | (bits & 0x7fffff));
    }
    uint32_t odd = magnitude >> 13 & 1;
    return (unsigned short)(sign | (magnitude - 0x38000000 + 0xfff + odd) >> 13);
}

void half_from_floats(const float *x, size_t n, unsigned short *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = half_from_float(x[i]);
}
