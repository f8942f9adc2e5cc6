#include "engine/formats/array.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/kernels/half.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "matrices are mapped as they are in the file: a little-endian machine is needed"
#endif

void array_close(struct array *array)
{
    mapping_close(array->map, array->map_size);
    free(array->owned);
    *array = (struct array){0};
}

void array_shape_text(const struct array *array, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "(");

    for (size_t i = 0; i < array->dimensions && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%zu", i ? ", " : "", array->shape[i]);
    if (used < size)
        snprintf(text + used, size - used, "%s", array->dimensions == 1 ? ",)" : ")");
}

int array_bytes(const struct array *array, const char *label, size_t *bytes, struct error *error)
{
    char shape[128];
    size_t total = array->width;
    bool empty = false, overflow = false;

    for (size_t i = 0; i < array->dimensions; i++) {
        empty = empty || !array->shape[i];
        overflow = overflow || __builtin_mul_overflow(total, array->shape[i], &total);
    }
    *bytes = total;
    if (!empty && !overflow && total <= PTRDIFF_MAX)
        return 0;
    array_shape_text(array, shape, sizeof shape);
    if (empty)
        return error_set(error, ERROR_INPUT, "%s: is empty, of shape %s", label, shape);
    return error_set(error, ERROR_INPUT, "%s: shape %s is larger than any file", label, shape);
}

static bool is_float(const struct array *array)
{
    return array->kind == ARRAY_FLOAT || array->kind == ARRAY_BFLOAT;
}

static bool is_integer(const struct array *array)
{
    return array->kind == ARRAY_SIGNED || array->kind == ARRAY_UNSIGNED;
}

bool array_is_matrix(const struct array *array)
{
    return is_float(array) && array->shape[0] && array->shape[1] &&
           (array->dimensions == 2 || (array->dimensions == 3 && array->shape[1] == 1 && array->shape[2]));
}

bool array_is_frames(const struct array *array)
{
    return is_float(array) && array->dimensions == 3 && array->shape[0] && array->shape[1] && array->shape[2];
}

bool array_is_vector(const struct array *array)
{
    return is_integer(array) && array->shape[0] &&
           (array->dimensions == 1 || (array->dimensions == 2 && array->shape[1] == 1));
}

bool array_is_integer_rows(const struct array *array)
{
    return is_integer(array) && array->shape[0] &&
           (array->dimensions == 1 || (array->dimensions == 2 && array->shape[1]));
}

bool array_is_mask(const struct array *array)
{
    return (is_integer(array) || is_float(array)) && array->shape[0] &&
           (array->dimensions == 1 || (array->dimensions == 2 && array->shape[1]));
}

/* The bits of element `index`, in native byte order. */
static uint64_t element_bits(const struct array *array, size_t index)
{
    const unsigned char *bytes = array->data + index * array->width;
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    switch (array->width) {
    case 1:
        return *bytes;
    case 2:
        memcpy(&two, bytes, sizeof two);
        return array->swapped ? __builtin_bswap16(two) : two;
    case 4:
        memcpy(&four, bytes, sizeof four);
        return array->swapped ? __builtin_bswap32(four) : four;
    default:
        memcpy(&eight, bytes, sizeof eight);
        return array->swapped ? __builtin_bswap64(eight) : eight;
    }
}

static float element_float(const struct array *array, size_t index)
{
    uint64_t bits = element_bits(array, index);
    double value;

    if (array->kind == ARRAY_FLOAT && array->width == 2)
        return half_to_float((uint16_t)bits);
    if (array->width == 8) {
        memcpy(&value, &bits, sizeof value);
        return (float)value;
    }
    uint32_t word = array->kind == ARRAY_BFLOAT ? (uint32_t)bits << 16 : (uint32_t)bits;
    float single;
    memcpy(&single, &word, sizeof single);
    return single;
}

/* (rows, cols) in C order; Fortran order is read in square tiles so that both sides stay in cache.
 */
static void convert(const struct array *array, size_t rows, size_t cols, float *out)
{
    enum { TILE = 32 };

    if (!array->fortran) {
        for (size_t i = 0; i < rows * cols; i++)
            out[i] = element_float(array, i);
        return;
    }
    for (size_t top = 0; top < rows; top += TILE)
        for (size_t left = 0; left < cols; left += TILE)
            for (size_t row = top; row < rows && row < top + TILE; row++)
                for (size_t col = left; col < cols && col < left + TILE; col++)
                    out[row * cols + col] = element_float(array, col * rows + row);
}

static int check_matrix(const struct array *array, const char *label, struct error *error)
{
    char shape[128];

    array_shape_text(array, shape, sizeof shape);
    if (array->dimensions != 2)
        return error_set(
            error, ERROR_INPUT, "%s: is %zu-D, of shape %s; a matrix has 2 dimensions%s", label, array->dimensions,
            shape, array_is_frames(array) ? " (--pool mean or max makes a row of the vectors along the second)" : "");
    if (is_integer(array))
        return error_set(error, ERROR_INPUT, "%s: holds integers; a matrix holds float16, float32 or float64", label);
    if (!is_float(array))
        return error_set(error, ERROR_INPUT, "%s: its elements are not floating-point numbers", label);
    return 0;
}

void array_pool(const struct array *array, size_t rows, enum array_pool pool, float *out)
{
    size_t cols = array->shape[array->dimensions - 1], frames = 1;

    for (size_t i = rows > 1 || array->dimensions == 3 ? 1 : 0; i + 1 < array->dimensions; i++)
        frames *= array->shape[i];
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++) {
            double value = 0;
            for (size_t frame = 0; frame < frames; frame++) {
                float element = element_float(array, array->fortran ? row + rows * (frame + frames * col)
                                                                    : (row * frames + frame) * cols + col);
                if (pool != POOL_MAX)
                    value += element;
                else if (!frame || element > value || element != element)
                    value = element;
            }
            out[row * cols + col] = (float)(pool == POOL_MAX ? value : value / (double)frames);
        }
}

int array_frames_to_matrix(struct array *array, enum array_pool pool, struct matrix *matrix, struct error *error)
{
    size_t rows = array->shape[0], cols = array->shape[2];
    float *values = memory_floats(rows * cols);

    *matrix = (struct matrix){0};
    if (values) {
        array_pool(array, rows, pool, values);
        *matrix = matrix_view(values, rows, cols);
        matrix->owned = values;
    }
    array_close(array);
    return values ? 0 : error_memory(error);
}

int array_to_matrix(struct array *array, const char *label, struct matrix *matrix, struct error *error)
{
    if (array->dimensions == 3 && array->shape[1] == 1 && array->shape[2]) { /* (N, 1, D) */
        array->shape[1] = array->shape[2];
        array->dimensions = 2;
    }
    size_t rows = array->shape[0], cols = array->shape[1];

    *matrix = (struct matrix){0};
    if (check_matrix(array, label, error)) {
        array_close(array);
        return -1;
    }
    bool plain = array->kind == ARRAY_FLOAT && array->width <= 4 && !array->swapped;
    bool ordered = !array->fortran || rows == 1 || cols == 1;
    if (plain && ordered && (uintptr_t)array->data % array->width == 0) {
        *matrix = (struct matrix){.data = array->data,
                                  .rows = rows,
                                  .cols = cols,
                                  .type = array->width == 2 ? MATRIX_F16 : MATRIX_F32,
                                  .map = array->map,
                                  .map_size = array->map_size,
                                  .owned = array->owned};
        *array = (struct array){0};
        return 0;
    }
    float *values = memory_floats(rows * cols); /* at most twice the array's size */
    if (!values) {
        array_close(array);
        return error_memory(error);
    }
    convert(array, rows, cols, values);
    array_close(array);
    *matrix = matrix_view(values, rows, cols);
    matrix->owned = values;
    return 0;
}

static int refuse_integers(const struct array *array, const char *label, const char *wanted, struct error *error)
{
    char shape[128];

    if (is_float(array))
        return error_set(error, ERROR_INPUT,
                         "%s: holds floating-point numbers where integers are needed; convert it with "
                         "astype(int64)",
                         label);
    array_shape_text(array, shape, sizeof shape);
    return error_set(error, ERROR_INPUT, "%s: is of shape %s; %s is needed", label, shape, wanted);
}

int array_to_integer_rows(const struct array *array, const char *label, int64_t **values, size_t *rows, size_t *cols,
                          struct error *error)
{
    *values = NULL;
    *rows = *cols = 0;
    if (!array_is_integer_rows(array))
        return refuse_integers(array, label, "a vector or a 2-D array of integers", error);
    size_t count = array->shape[0], each = array->dimensions == 2 ? array->shape[1] : 1;
    int64_t *out = memory_array(count * each, sizeof *out);
    if (!out)
        return error_memory(error);
    unsigned shift = 64 - 8 * (unsigned)array->width;
    for (size_t i = 0; i < count * each; i++) {
        uint64_t bits = element_bits(array, array->fortran ? i % each * count + i / each : i);
        if (array->kind == ARRAY_UNSIGNED && bits > INT64_MAX) {
            free(out);
            return error_set(error, ERROR_INPUT, "%s: element %zu is too large", label, i);
        }
        out[i] = array->kind == ARRAY_UNSIGNED ? (int64_t)bits : (int64_t)(bits << shift) >> shift;
    }
    *values = out;
    *rows = count;
    *cols = each;
    return 0;
}

int array_to_integers(const struct array *array, const char *label, int64_t **values, size_t *count,
                      struct error *error)
{
    size_t each;

    *values = NULL;
    *count = 0;
    if (!array_is_vector(array))
        return refuse_integers(array, label, "a vector of integers", error);
    return array_to_integer_rows(array, label, values, count, &each, error);
}

/* A mask's element: 0, 1, or -1 for any other value. */
static int load_flag(const struct array *array, size_t index)
{
    uint64_t bits = element_bits(array, index);

    if (is_float(array)) {
        float value = element_float(array, index);
        return value == 0 ? 0 : value == 1 ? 1 : -1;
    }
    return bits <= 1 ? (int)bits : -1;
}

int array_to_mask(const struct array *array, const char *label, bool **values, size_t *count, struct error *error)
{
    char shape[128];

    *values = NULL;
    *count = 0;
    array_shape_text(array, shape, sizeof shape);
    if (!array_is_mask(array))
        return error_set(error, ERROR_INPUT, "%s: is not a mask: one of 0 and 1 with one or two dimensions is needed",
                         label);
    size_t rows = array->shape[0], cols = array->dimensions == 2 ? array->shape[1] : 1;
    bool *out = memory_array(rows * cols, sizeof *out);
    if (!out)
        return error_memory(error);
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++) {
            int flag = load_flag(array, array->fortran ? col * rows + row : row * cols + col);
            if (flag < 0) {
                free(out);
                return error_set(error, ERROR_INPUT, "%s: element %zu is neither 0 nor 1: a mask holds 0 and 1", label,
                                 row * cols + col);
            }
            out[row * cols + col] = flag;
        }
    *values = out;
    *count = rows * cols;
    return 0;
}
