#include "engine/formats/npy.h"

#include "engine/base/mapping.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC_SIZE = 8, ALIGNMENT = 64 };
static const char MAGIC[] = "\x93NUMPY";

struct npy { /* a header being parsed */
    const char *path;
    const unsigned char *bytes; /* of the file's beginning */
    size_t size;                /* number of these bytes */
    size_t data_start, data_size;
    struct array *array;
};

/* Where the header's parser is. */
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

/* Consumes `c`, after spaces. */
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

/* Parses 'f', 'i', 'u' or 'b' and the width in bytes; false if unsupported. */
static bool read_type(const char *type, struct array *array)
{
    bool sized = type[0] && type[1] >= '1' && type[1] <= '8' && !type[2];

    array->width = sized ? (size_t)(type[1] - '0') : 0;
    array->kind = type[0] == 'f'                     ? ARRAY_FLOAT
                  : type[0] == 'i'                   ? ARRAY_SIGNED
                  : type[0] == 'u' || type[0] == 'b' ? ARRAY_UNSIGNED
                                                     : ARRAY_OTHER;
    bool power = array->width && !(array->width & (array->width - 1));
    return power && array->kind != ARRAY_OTHER && (type[0] != 'f' || array->width > 1) &&
           (type[0] != 'b' || array->width == 1);
}

int npy_descr(const char *type, const char *path, struct array *array, struct error *error)
{
    bool ordered = type[0] && strchr("<>|=", type[0]);

    array->swapped = type[0] == '>';
    if (type[ordered] == 'O')
        return error_set(error, ERROR_INPUT, "%s: is a pickled object array; save it with allow_pickle=False", path);
    if (!read_type(type + ordered, array))
        return error_set(error, ERROR_INPUT,
                         "%s: element type '%s' is not supported; convert it with astype to "
                         "float32 (a matrix) or "
                         "int64 (row numbers)",
                         path, type);
    return 0;
}

static int parse_type(struct npy *npy, struct cursor *cursor, struct error *error)
{
    char type[32];

    skip_spaces(cursor);
    if (cursor->at < cursor->end && *cursor->at == '[')
        return refuse(npy, error, "is a structured array; save its fields as separate arrays");
    if (!take_text(cursor, type, sizeof type))
        return refuse(npy, error, "its header names no element type");
    return npy_descr(type, npy->path, npy->array, error);
}

static int parse_shape(struct npy *npy, struct cursor *cursor, struct error *error)
{
    size_t *size = npy->array->shape, count = 0;

    if (!take(cursor, '('))
        return refuse(npy, error, "its header has a malformed shape");
    while (!take(cursor, ')')) {
        if (count == ARRAY_DIMENSIONS || !take_size(cursor, &size[count]))
            return refuse(npy, error, "its header has a malformed shape");
        count++;
        if (!take(cursor, ',')) {
            if (count == 1 || !take(cursor, ')')) /* (3) is a number, not a tuple */
                return refuse(npy, error, "its header has a malformed shape");
            break;
        }
    }
    npy->array->dimensions = count;
    return 0;
}

static int parse_order(struct npy *npy, struct cursor *cursor, struct error *error)
{
    npy->array->fortran = take_word(cursor, "True");
    if (!npy->array->fortran && !take_word(cursor, "False"))
        return refuse(npy, error, "its header has a malformed fortran_order");
    return 0;
}

/* The header is a Python dict of exactly three keys in any order. */
static int parse_header(struct npy *npy, struct cursor cursor, struct error *error)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    static int (*const parsers[])(struct npy *, struct cursor *, struct error *) = {parse_type, parse_order,
                                                                                    parse_shape};
    bool seen[3] = {false};
    char key[32];

    if (!take(&cursor, '{'))
        return refuse(npy, error, "its header is not a dict; the file is damaged");
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
            return error_set(error, ERROR_INPUT, "%s: its header lacks the key '%s'", npy->path, keys[i]);
    skip_spaces(&cursor);
    if (cursor.at != cursor.end)
        return refuse(npy, error, "its header is followed by stray bytes; the file is damaged");
    return 0;
}

/* Checks the magic number and version, and locates header and data; `total` is the size of the whole file. */
static int find_header(struct npy *npy, size_t total, struct cursor *header, struct error *error)
{
    const unsigned char *bytes = npy->bytes;

    if (npy->size < MAGIC_SIZE || memcmp(bytes, MAGIC, sizeof MAGIC - 1) != 0)
        return refuse(npy, error, "is not a .npy file; write it with numpy.save");
    unsigned major = bytes[6], minor = bytes[7];
    if (major < 1 || major > 3 || minor != 0)
        return error_set(error, ERROR_INPUT, "%s: .npy version %u.%u is not supported (1.0 to 3.0 are)", npy->path,
                         major, minor);
    size_t field = major == 1 ? 2 : 4, length = 0;
    size_t left = npy->size - MAGIC_SIZE;
    if (left < field)
        return refuse(npy, error, "is cut short in its header");
    for (size_t i = 0; i < field; i++)
        length |= (size_t)bytes[MAGIC_SIZE + i] << 8 * i;
    if (length > left - field)
        return refuse(npy, error, "is cut short in its header");
    header->at = (const char *)bytes + MAGIC_SIZE + field;
    header->end = header->at + length;
    npy->data_start = MAGIC_SIZE + field + length;
    npy->data_size = total - npy->data_start;
    return 0;
}

static int check_size(const struct npy *npy, struct error *error)
{
    char shape[128];
    size_t bytes;

    if (array_bytes(npy->array, npy->path, &bytes, error))
        return -1;
    if (bytes == npy->data_size)
        return 0;
    array_shape_text(npy->array, shape, sizeof shape);
    return error_set(error, ERROR_INPUT, "%s: %s: shape %s needs %zu bytes of data, the file has %zu; write it again",
                     npy->path, bytes > npy->data_size ? "is truncated" : "has trailing bytes", shape, bytes,
                     npy->data_size);
}

int npy_header(const char *path, const unsigned char *bytes, size_t size, size_t total, struct array *array,
               size_t *data_start, struct error *error)
{
    struct npy npy = {.path = path, .bytes = bytes, .size = size, .array = array};
    struct cursor header;

    *array = (struct array){0};
    if (find_header(&npy, total, &header, error) || parse_header(&npy, header, error) || check_size(&npy, error))
        return -1;
    *data_start = npy.data_start;
    return 0;
}

int npy_array(const char *path, struct array *array, struct error *error)
{
    struct error failure = {0};
    size_t size, data_start;

    *array = (struct array){0};
    unsigned char *map = file_map(path, &size, &failure);
    if (!map) {
        if (failure.kind == ERROR_NONE)
            return error_set(error, ERROR_INPUT, "%s: is an empty file", path);
        if (error)
            *error = failure;
        return -1;
    }
    if (npy_header(path, map, size, size, array, &data_start, error)) {
        mapping_close(map, size);
        *array = (struct array){0};
        return -1;
    }
    array->data = map + data_start;
    array->map = map;
    array->map_size = size;
    return 0;
}

int npy_open(const char *path, struct matrix *matrix, struct error *error)
{
    struct array array;

    *matrix = (struct matrix){0};
    return npy_array(path, &array, error) ? -1 : array_to_matrix(&array, path, matrix, error);
}

int npy_read_integers(const char *path, int64_t **values, size_t *count, struct error *error)
{
    struct array array;

    *values = NULL;
    *count = 0;
    if (npy_array(path, &array, error))
        return -1;
    int failed = array_to_integers(&array, path, values, count, error);
    array_close(&array);
    return failed;
}

/* What a file is written from: its header and the data behind it. */
struct written {
    char header[4 * ALIGNMENT];
    struct file_part parts[2];
};

static int make_parts(struct written *written, const char *path, enum npy_type type, const void *data, size_t rows,
                      size_t cols, struct error *error)
{
    static const struct {
        const char *descr;
        size_t width;
    } types[] = {[NPY_F16] = {"<f2", 2},
                 [NPY_F32] = {"<f4", 4},
                 [NPY_F64] = {"<f8", 8},
                 [NPY_U32] = {"<u4", 4},
                 [NPY_BOOL] = {"|b1", 1}};
    char *header = written->header, shape[64];
    size_t bytes;

    if (__builtin_mul_overflow(rows, cols ? cols : 1, &bytes) ||
        __builtin_mul_overflow(bytes, types[type].width, &bytes))
        return error_set(error, ERROR_INPUT, "%s: shape (%zu, %zu) is larger than any file", path, rows, cols);
    if (cols)
        snprintf(shape, sizeof shape, "(%zu, %zu)", rows, cols);
    else
        snprintf(shape, sizeof shape, "(%zu,)", rows);
    size_t start = MAGIC_SIZE + 2;
    int length = snprintf(header + start, sizeof written->header - start,
                          "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", types[type].descr, shape);
    size_t used = start + (size_t)length;
    size_t size = (used + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    memset(header + used, ' ', size - used - 1);
    header[size - 1] = '\n';
    memcpy(header, MAGIC, sizeof MAGIC - 1);
    header[6] = 1;
    header[7] = 0;
    header[8] = (char)((size - start) & 0xff);
    header[9] = (char)((size - start) >> 8);
    written->parts[0] = (struct file_part){header, size};
    written->parts[1] = (struct file_part){data, bytes};
    return 0;
}

int npy_write(const char *path, enum npy_type type, const void *data, size_t rows, size_t cols, struct error *error)
{
    struct written written = {0};

    return make_parts(&written, path, type, data, rows, cols, error) ? -1 : file_write(path, written.parts, 2, error);
}

int npy_begin(FILE *out, const char *path, enum npy_type type, size_t rows, size_t cols, struct error *error)
{
    struct written written = {0};

    if (make_parts(&written, path, type, NULL, rows, cols, error))
        return -1;
    return fwrite(written.header, 1, written.parts[0].size, out) == written.parts[0].size
               ? 0
               : error_system(error, "%s: cannot be written", path);
}

int npy_put(FILE *out, const char *path, enum npy_type type, const void *data, size_t rows, size_t cols,
            struct error *error)
{
    struct written written = {0};

    if (make_parts(&written, path, type, data, rows, cols, error))
        return -1;
    for (int i = 0; i < 2; i++)
        if (fwrite(written.parts[i].bytes, 1, written.parts[i].size, out) != written.parts[i].size)
            return error_system(error, "%s: cannot be written", path);
    return fflush(out) ? error_system(error, "%s: cannot be written", path) : 0;
}

static bool npy_matches(const unsigned char *bytes, size_t size)
{
    return size >= sizeof MAGIC - 1 && memcmp(bytes, MAGIC, sizeof MAGIC - 1) == 0;
}

static int npy_open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    (void)name;
    return npy_array(path, array, error);
}

const struct matrix_format matrix_format_npy = {
    .name = ".npy",
    .title = "a NumPy .npy file",
    .matches = npy_matches,
    .open = npy_open_array,
};
