/* Makes the matrices for end-to-end tests that compare sources.
 *
 * usage: npy_make unit ROWS SEED OUT         random float32 rows of length 1 whose products have few binary digits
 *        npy_make half IN OUT                as float16, rounded to the nearest
 *        npy_make float IN OUT               as float32
 *        npy_make products LEFT RIGHT OUT    (rows of LEFT, rows of RIGHT) as float32
 *        npy_make mask ROWS OUT              0 for every third row, else 1
 *        npy_make thin IN OUT                without those rows: float32, or for a vector of targets uint32
 *        npy_make spoil ROW COLUMN VALUE IN OUT   as IN, float32 or float16, but for one value */
#include "engine/base/memory.h"
#include "engine/formats/npy.h"
#include "engine/kernels/half.h"
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct error error;

static int fail(const char *what)
{
    fprintf(stderr, "npy_make: %s\n", what);
    return 1;
}

static float value_at(const struct matrix *matrix, size_t row, size_t col)
{
    size_t at = row * matrix->cols + col;
    return matrix->type == MATRIX_F32 ? ((const float *)matrix->data)[at]
                                      : half_to_float(((const uint16_t *)matrix->data)[at]);
}

static int write_floats(const char *path, const float *x, size_t rows, size_t cols)
{
    return npy_write(path, NPY_F32, x, rows, cols, &error) ? fail(error.text) : 0;
}

/* The nearest binary16, ties to even, found by comparing neighbours. */
static uint16_t to_half(float x)
{
    uint16_t sign = signbit(x) ? 0x8000 : 0, low = 0, high = 0x7c00;
    float size = fabsf(x);
    if (!isfinite(x))
        return isnan(x) ? 0x7e00 : sign | 0x7c00;
    while (high - low > 1) {
        uint16_t middle = (uint16_t)((low + high) / 2);
        *(half_to_float(middle) <= size ? &low : &high) = middle;
    }
    double below = (double)size - (double)half_to_float(low), above = (double)half_to_float(high) - (double)size;
    return sign | (above < below || (above == below && low % 2) ? high : low);
}

static int write_halves(const char *path, const uint16_t *x, size_t rows, size_t cols)
{
    char header[118];
    int length =
        snprintf(header, sizeof header, "{'descr': '<f2', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, cols);
    FILE *file = fopen(path, "wb");
    if (!file)
        return fail("cannot write");
    fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, file);
    fprintf(file, "%s%*s\n", header, (int)sizeof header - 1 - length, "");
    size_t written = fwrite(x, sizeof *x, rows * cols, file);
    return fclose(file) || written != rows * cols ? fail("cannot write") : 0;
}

/* Rows of sixteenths whose squares add up to one, and which share a direction. */
static int make_unit(size_t rows, uint32_t seed, const char *path)
{
    enum { WIDTH = 24, UNIT = 16 };
    float *x = memory_floats(rows * WIDTH);
    for (size_t i = 0; x && i < rows; i++) {
        int part[WIDTH] = {5, 3}, sum = 5 * 5 + 3 * 3;
        while (sum != UNIT * UNIT) {
            seed = seed * 1664525u + 1013904223u;
            int *p = &part[(seed >> 10) % WIDTH], step = seed >> 30 & 1 ? 1 : -1;
            int next = sum - *p * *p + (*p + step) * (*p + step);
            if (abs(next - UNIT * UNIT) <= abs(sum - UNIT * UNIT) + 4) {
                *p += step;
                sum = next;
            }
        }
        for (size_t c = 0; c < WIDTH; c++)
            x[i * WIDTH + c] = (float)part[c] / UNIT;
    }
    int status = x ? write_floats(path, x, rows, WIDTH) : fail("out of memory");
    free(x);
    return status;
}

static int make_copy(const struct matrix *in, bool half, size_t row, size_t col, float value, const char *path)
{
    size_t cells = in->rows * in->cols;
    float *x = memory_floats(cells);
    uint16_t *y = memory_array(cells, sizeof *y);
    int status = 1;
    for (size_t i = 0; x && y && i < cells; i++) {
        bool spoilt = i == row * in->cols + col;
        x[i] = spoilt ? value : value_at(in, i / in->cols, i % in->cols);
        y[i] = half ? to_half(x[i]) : 0;
    }
    if (x && y)
        status = half ? write_halves(path, y, in->rows, in->cols) : write_floats(path, x, in->rows, in->cols);
    free(x);
    free(y);
    return status;
}

static int make_products(const struct matrix *left, const struct matrix *right, const char *path)
{
    float *x = memory_floats(left->rows * right->rows);
    for (size_t i = 0; x && i < left->rows; i++) {
        for (size_t j = 0; j < right->rows; j++) {
            double sum = 0;
            for (size_t c = 0; c < left->cols; c++)
                sum += (double)value_at(left, i, c) * (double)value_at(right, j, c);
            x[i * right->rows + j] = (float)sum;
        }
    }
    int status = x ? write_floats(path, x, left->rows, right->rows) : 1;
    free(x);
    return status;
}

static bool stays(size_t row)
{
    return row % 3 != 2;
}

static int make_mask(size_t rows, const char *path)
{
    bool *mask = memory_array(rows, sizeof *mask);
    for (size_t i = 0; mask && i < rows; i++)
        mask[i] = stays(i);
    int status = !mask || npy_write(path, NPY_BOOL, mask, rows, 0, &error) ? fail(error.text) : 0;
    free(mask);
    return status;
}

static int thin_matrix(const struct matrix *in, const char *path)
{
    float *x = memory_floats(in->rows * in->cols);
    size_t kept = 0;
    for (size_t i = 0; x && i < in->rows; i++) {
        for (size_t c = 0; stays(i) && c < in->cols; c++)
            x[kept * in->cols + c] = value_at(in, i, c);
        kept += stays(i);
    }
    int status = x ? write_floats(path, x, kept, in->cols) : 1;
    free(x);
    return status;
}

static int thin_vector(const int64_t *in, size_t count, const char *path)
{
    uint32_t *x = memory_array(count, sizeof *x);
    size_t kept = 0;
    for (size_t i = 0; x && i < count; i++)
        if (stays(i))
            x[kept++] = (uint32_t)in[i];
    int status = !x || npy_write(path, NPY_U32, x, kept, 0, &error) ? fail(error.text) : 0;
    free(x);
    return status;
}

static int thin(const char *from, const char *path)
{
    struct matrix in;
    int64_t *values;
    size_t count;
    int status;
    if (npy_open(from, &in, &error) == 0) {
        status = thin_matrix(&in, path);
        matrix_close(&in);
    } else if (npy_read_integers(from, &values, &count, &error) == 0) {
        status = thin_vector(values, count, path);
        free(values);
    } else {
        status = fail(error.text);
    }
    return status;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    struct matrix in = {0}, other = {0};
    int status = 2;
    if (argc == 5 && strcmp(what, "unit") == 0) {
        status = make_unit(strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10), argv[4]);
    } else if (argc == 4 && (strcmp(what, "half") == 0 || strcmp(what, "float") == 0)) {
        status = npy_open(argv[2], &in, &error) ? fail(error.text)
                                                : make_copy(&in, *what == 'h', SIZE_MAX, SIZE_MAX, 0, argv[3]);
    } else if (argc == 5 && strcmp(what, "products") == 0) {
        status = npy_open(argv[2], &in, &error) || npy_open(argv[3], &other, &error) || in.cols != other.cols
                     ? fail("cannot multiply")
                     : make_products(&in, &other, argv[4]);
    } else if (argc == 4 && strcmp(what, "mask") == 0) {
        status = make_mask(strtoul(argv[2], NULL, 10), argv[3]);
    } else if (argc == 4 && strcmp(what, "thin") == 0) {
        status = thin(argv[2], argv[3]);
    } else if (argc == 7 && strcmp(what, "spoil") == 0) {
        status = npy_open(argv[5], &in, &error) ? fail(error.text)
                                                : make_copy(&in, in.type == MATRIX_F16, strtoul(argv[2], NULL, 10),
                                                            strtoul(argv[3], NULL, 10), strtof(argv[4], NULL), argv[6]);
    } else {
        fail("usage: unit ROWS SEED OUT | half IN OUT | float IN OUT | products LEFT RIGHT OUT | "
             "mask ROWS OUT | thin IN OUT | spoil ROW COLUMN VALUE IN OUT");
    }
    matrix_close(&in);
    matrix_close(&other);
    return status;
}
