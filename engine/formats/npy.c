#include "engine/formats/npy.h"

#include "engine/formats/file.h"
#include "engine/memory.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "matrices are mapped as they are in the file: a little-endian machine is needed"
#endif

enum { MAGIC_SIZE = 8, DIMENSIONS_MAX = 32, ALIGNMENT = 64 };
static const char MAGIC[] = "\x93NUMPY";

struct npy { /* an open file and what its header says */
    const char *path;
    unsigned char *map;
    size_t map_size;
    const unsigned char *data;
    size_t data_size;
    char kind;         /* 'f', 'i' or 'u' */
    size_t width;      /* bytes of an element */
    bool swapped;      /* big-endian elements */
    bool fortran;      /* column after column */
    size_t dimensions; /* 1 or 2; a vector counts as (rows, 1) */
    size_t rows, cols;
};

/* Where the parser of the header stands. */
struct cursor {
    const char *at, *end;
};

static int refuse(const struct npy *npy, struct error *error, const char *what)
{
    return error_set(error, ERROR_INPUT, "%s: %s", npy->path, what);
}

static void skip_spaces(struct cursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) && *cursor->at)
        cursor->at++;
}

/* Takes `c`, after spaces. */
static bool take(struct cursor *cursor, char c)
{
    skip_spaces(cursor);
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

static bool take_word(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);

    skip_spaces(cursor);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

/* A quoted text without escapes. */
static bool take_text(struct cursor *cursor, char *text, size_t size)
{
    size_t used = 0;

    skip_spaces(cursor);
    if (cursor->at == cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
        return false;
    char quote = *cursor->at++;
    for (; cursor->at < cursor->end && *cursor->at != quote; cursor->at++) {
        if (used + 1 >= size || *cursor->at == '\\' || !*cursor->at)
            return false;
        text[used++] = *cursor->at;
    }
    text[used] = 0;
    return take(cursor, quote);
}

static bool take_size(struct cursor *cursor, size_t *value)
{
    skip_spaces(cursor);
    const char *start = cursor->at;
    *value = 0;
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (size_t)(*cursor->at - '0'), value))
            return false;
    if (cursor->at == start)
        return false;
    if (cursor->at < cursor->end && *cursor->at == 'L') /* as Python 2 wrote its long integers */
        cursor->at++;
    return true;
}

static int parse_type(struct npy *npy, struct cursor *cursor, struct error *error)
{
    char type[32];

    skip_spaces(cursor);
    if (cursor->at < cursor->end && *cursor->at == '[')
        return refuse(npy, error, "is a structured array; save its fields as arrays of their own");
    if (!take_text(cursor, type, sizeof type))
        return refuse(npy, error, "its header names no element type");
    bool ordered = type[0] && strchr("<>|=", type[0]);
    const char *rest = type + ordered;
    npy->kind = rest[0] == 'b' ? 'u' : rest[0]; /* bool: bytes of 0 and 1 */
    npy->swapped = type[0] == '>';
    if (npy->kind == 'O')
        return refuse(npy, error, "is a pickled object array; save it with allow_pickle=False");
    bool sized = rest[0] && rest[1] >= '1' && rest[1] <= '8' && !rest[2];
    npy->width = sized ? (size_t)(rest[1] - '0') : 0;
    bool power = npy->width && !(npy->width & (npy->width - 1));
    bool known =
        power && ((npy->kind == 'f' && npy->width > 1) || npy->kind == 'i' ||
                  (npy->kind == 'u' && (rest[0] == 'u' || npy->width == 1)));
    if (!known)
        return error_set(error, ERROR_INPUT,
                         "%s: element type '%s' is not supported; convert it with astype to "
                         "float32 (a matrix) or "
                         "int64 (row numbers)",
                         npy->path, type);
    return 0;
}

static int parse_shape(struct npy *npy, struct cursor *cursor, struct error *error)
{
    size_t size[DIMENSIONS_MAX], count = 0;

    if (!take(cursor, '('))
        return refuse(npy, error, "its header has a malformed shape");
    const char *start = cursor->at;
    while (!take(cursor, ')')) {
        if (count == DIMENSIONS_MAX || !take_size(cursor, &size[count]))
            return refuse(npy, error, "its header has a malformed shape");
        count++;
        if (!take(cursor, ',')) {
            if (count == 1 || !take(cursor, ')')) /* (3) is a number, no tuple */
                return refuse(npy, error, "its header has a malformed shape");
            break;
        }
    }
    if (count < 1 || count > 2)
        return error_set(error, ERROR_INPUT,
                         "%s: is %zu-D, of shape (%.*s; a matrix has 2 dimensions", npy->path,
                         count, (int)(cursor->at - start), start);
    npy->dimensions = count;
    npy->rows = size[0];
    npy->cols = count == 2 ? size[1] : 1;
    return 0;
}

static int parse_order(struct npy *npy, struct cursor *cursor, struct error *error)
{
    npy->fortran = take_word(cursor, "True");
    if (!npy->fortran && !take_word(cursor, "False"))
        return refuse(npy, error, "its header has a malformed fortran_order");
    return 0;
}

/* The header is a Python dict of exactly three keys in any order. */
static int parse_header(struct npy *npy, struct cursor cursor, struct error *error)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    static int (*const parsers[])(struct npy *, struct cursor *,
                                  struct error *) = {parse_type, parse_order, parse_shape};
    bool seen[3] = {false};
    char key[32];

    if (!take(&cursor, '{'))
        return refuse(npy, error, "its header is no dict; the file is damaged");
    while (!take(&cursor, '}')) {
        size_t which = 0;
        if (!take_text(&cursor, key, sizeof key) || !take(&cursor, ':'))
            return refuse(npy, error, "its header is malformed; the file is damaged");
        while (which < 3 && strcmp(key, keys[which]) != 0)
            which++;
        if (which == 3 || seen[which])
            return error_set(error, ERROR_INPUT, "%s: its header has %s key '%s'", npy->path,
                             which == 3 ? "an unknown" : "twice the", key);
        seen[which] = true;
        if (parsers[which](npy, &cursor, error))
            return -1;
        if (!take(&cursor, ',')) {
            if (!take(&cursor, '}'))
                return refuse(npy, error, "its header is malformed; the file is damaged");
            break;
        }
    }
    for (size_t i = 0; i < 3; i++)
        if (!seen[i])
            return error_set(error, ERROR_INPUT, "%s: its header lacks the key '%s'", npy->path,
                             keys[i]);
    skip_spaces(&cursor);
    if (cursor.at != cursor.end)
        return refuse(npy, error, "its header is followed by stray bytes; the file is damaged");
    return 0;
}

/* Checks the magic number and version, and finds header and data. */
static int find_header(struct npy *npy, struct cursor *header, struct error *error)
{
    const unsigned char *bytes = npy->map;

    if (npy->map_size < MAGIC_SIZE || memcmp(bytes, MAGIC, sizeof MAGIC - 1) != 0)
        return refuse(npy, error, "is no .npy file; write it with numpy.save");
    unsigned major = bytes[6], minor = bytes[7];
    if (major < 1 || major > 3 || minor != 0)
        return error_set(error, ERROR_INPUT,
                         "%s: .npy version %u.%u is not supported (1.0 to 3.0 are)", npy->path,
                         major, minor);
    size_t field = major == 1 ? 2 : 4, length = 0;
    size_t left = npy->map_size - MAGIC_SIZE;
    if (left < field)
        return refuse(npy, error, "is cut short in its header");
    for (size_t i = 0; i < field; i++)
        length |= (size_t)bytes[MAGIC_SIZE + i] << 8 * i;
    if (length > left - field)
        return refuse(npy, error, "is cut short in its header");
    header->at = (const char *)bytes + MAGIC_SIZE + field;
    header->end = header->at + length;
    npy->data = (const unsigned char *)header->end;
    npy->data_size = left - field - length;
    return 0;
}

static int check_size(const struct npy *npy, struct error *error)
{
    size_t cells, bytes;

    if (!npy->rows || !npy->cols)
        return error_set(error, ERROR_INPUT, "%s: is empty, of shape (%zu, %zu)", npy->path,
                         npy->rows, npy->cols);
    if (__builtin_mul_overflow(npy->rows, npy->cols, &cells) ||
        __builtin_mul_overflow(cells, npy->width, &bytes) || bytes > PTRDIFF_MAX)
        return error_set(error, ERROR_INPUT, "%s: shape (%zu, %zu) is larger than any file",
                         npy->path, npy->rows, npy->cols);
    if (bytes != npy->data_size)
        return error_set(
            error, ERROR_INPUT,
            "%s: %s: shape (%zu, %zu) needs %zu bytes of data, the file has %zu; write it again",
            npy->path, bytes > npy->data_size ? "is truncated" : "has trailing bytes", npy->rows,
            npy->cols, bytes, npy->data_size);
    return 0;
}

static void npy_close(struct npy *npy)
{
    if (npy->map)
        munmap(npy->map, npy->map_size);
    npy->map = NULL;
}

/* Maps the file and checks all of its header; the sizes are those of the file afterwards. */
static int npy_map(struct npy *npy, const char *path, struct error *error)
{
    struct cursor header;
    struct error failure = {0};

    *npy = (struct npy){.path = path};
    npy->map = file_map(path, &npy->map_size, &failure);
    if (!npy->map) {
        if (failure.kind == ERROR_NONE)
            return refuse(npy, error, "is an empty file");
        if (error)
            *error = failure;
        return -1;
    }
    if (find_header(npy, &header, error) || parse_header(npy, header, error) ||
        check_size(npy, error)) {
        npy_close(npy);
        return -1;
    }
    return 0;
}

/* The bits of element `index`, in the machine's byte order. */
static uint64_t load(const struct npy *npy, size_t index)
{
    const unsigned char *bytes = npy->data + index * npy->width;
    uint64_t bits = 0;

    for (size_t i = 0; i < npy->width; i++)
        bits |= (uint64_t)bytes[npy->swapped ? npy->width - 1 - i : i] << 8 * i;
    return bits;
}

static float load_float(const struct npy *npy, size_t index)
{
    uint64_t bits = load(npy, index);

    if (npy->width == 2)
        return half_to_float((unsigned short)bits);
    if (npy->width == 4) {
        uint32_t word = (uint32_t)bits;
        float value;
        memcpy(&value, &word, sizeof value);
        return value;
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return (float)value;
}

/* (rows, cols) in C order; Fortran order is read in square tiles so that both sides stay in cache.
 */
static void convert(const struct npy *npy, float *out)
{
    enum { TILE = 32 };
    size_t rows = npy->rows, cols = npy->cols;

    if (!npy->fortran) {
        for (size_t i = 0; i < rows * cols; i++)
            out[i] = load_float(npy, i);
        return;
    }
    for (size_t top = 0; top < rows; top += TILE)
        for (size_t left = 0; left < cols; left += TILE)
            for (size_t row = top; row < rows && row < top + TILE; row++)
                for (size_t col = left; col < cols && col < left + TILE; col++)
                    out[row * cols + col] = load_float(npy, col * rows + row);
}

int npy_open(const char *path, struct matrix *matrix, struct error *error)
{
    struct npy npy;

    *matrix = (struct matrix){0};
    if (npy_map(&npy, path, error))
        return -1;
    if (npy.dimensions != 2) {
        error_set(error, ERROR_INPUT, "%s: is 1-D, of shape (%zu,); a matrix has 2 dimensions",
                  path, npy.rows);
        goto fail;
    }
    if (npy.kind != 'f') {
        refuse(&npy, error, "holds integers; a matrix holds float16, float32 or float64");
        goto fail;
    }
    matrix->rows = npy.rows;
    matrix->cols = npy.cols;
    bool aligned = (uintptr_t)npy.data % npy.width == 0;
    if (npy.width <= 4 && !npy.swapped && !npy.fortran && aligned) {
        matrix->data = npy.data;
        matrix->type = npy.width == 2 ? MATRIX_F16 : MATRIX_F32;
        matrix->map = npy.map;
        matrix->map_size = npy.map_size;
        return 0;
    }
    float *values = memory_floats(npy.rows * npy.cols); /* at most twice the file's size */
    if (!values) {
        error_memory(error);
        goto fail;
    }
    convert(&npy, values);
    matrix->data = matrix->owned = values;
    npy_close(&npy);
    return 0;
fail:
    npy_close(&npy);
    *matrix = (struct matrix){0};
    return -1;
}

int npy_read_integers(const char *path, int64_t **values, size_t *count, struct error *error)
{
    struct npy npy;
    int64_t *out = NULL;

    *values = NULL;
    *count = 0;
    if (npy_map(&npy, path, error))
        return -1;
    if (npy.kind == 'f') {
        refuse(&npy, error,
               "holds floating-point numbers where integers are needed; convert it with "
               "astype(int64)");
        goto fail;
    }
    if (npy.cols != 1) {
        error_set(error, ERROR_INPUT, "%s: is of shape (%zu, %zu); a vector of integers is needed",
                  path, npy.rows, npy.cols);
        goto fail;
    }
    out = memory_array(npy.rows, sizeof *out);
    if (!out) {
        error_memory(error);
        goto fail;
    }
    unsigned shift = 64 - 8 * (unsigned)npy.width;
    for (size_t i = 0; i < npy.rows; i++) {
        uint64_t bits = load(&npy, i);
        if (npy.kind == 'u' && bits > INT64_MAX) {
            error_set(error, ERROR_INPUT, "%s: element %zu is too large", path, i);
            goto fail;
        }
        out[i] = npy.kind == 'u' ? (int64_t)bits : (int64_t)(bits << shift) >> shift;
    }
    *values = out;
    *count = npy.rows;
    npy_close(&npy);
    return 0;
fail:
    free(out);
    npy_close(&npy);
    return -1;
}

int npy_write(const char *path, enum npy_type type, const void *data, size_t rows, size_t cols,
              struct error *error)
{
    static const struct {
        const char *descr;
        size_t width;
    } types[] = {[NPY_F32] = {"<f4", 4},
                 [NPY_F64] = {"<f8", 8},
                 [NPY_U32] = {"<u4", 4},
                 [NPY_BOOL] = {"|b1", 1}};
    char header[4 * ALIGNMENT], shape[64];
    size_t bytes;

    if (__builtin_mul_overflow(rows, cols ? cols : 1, &bytes) ||
        __builtin_mul_overflow(bytes, types[type].width, &bytes))
        return error_set(error, ERROR_INPUT, "%s: shape (%zu, %zu) is larger than any file", path,
                         rows, cols);
    if (cols)
        snprintf(shape, sizeof shape, "(%zu, %zu)", rows, cols);
    else
        snprintf(shape, sizeof shape, "(%zu,)", rows);
    size_t start = MAGIC_SIZE + 2;
    int length = snprintf(header + start, sizeof header - start,
                          "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                          types[type].descr, shape);
    size_t used = start + (size_t)length;
    size_t size = (used + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    memset(header + used, ' ', size - used - 1);
    header[size - 1] = '\n';
    memcpy(header, MAGIC, sizeof MAGIC - 1);
    header[6] = 1;
    header[7] = 0;
    header[8] = (char)((size - start) & 0xff);
    header[9] = (char)((size - start) >> 8);
    struct file_part parts[] = {{header, size}, {data, bytes}};
    return file_write(path, parts, 2, error);
}
