#include "engine/formats/safetensors.h"

#include "engine/formats/file.h"
#include "engine/memory.h"
#include <jansson.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { LENGTH_SIZE = 8 };
static const size_t HEADER_MAX = (size_t)100 << 20; /* as the format's own reader has it */

struct container { /* an open file */
    const char *path;
    unsigned char *map;
    size_t map_size;
    json_t *header;
    const unsigned char *data; /* what offsets count from */
    size_t data_size;
};

static void close_container(struct container *container)
{
    if (container->map)
        munmap(container->map, container->map_size);
    json_decref(container->header);
    container->map = NULL;
    container->header = NULL;
}

static int refuse(const struct container *container, struct error *error, const char *what)
{
    return error_set(error, ERROR_INPUT, "%s: %s", container->path, what);
}

/* Maps the file and parses its header; what was opened is closed by the caller, also after a
 * failure. */
static int open_container(struct container *container, const char *path, struct error *error)
{
    struct error failure = {0};
    json_error_t json_failure;
    uint64_t length = 0;

    *container = (struct container){.path = path};
    container->map = file_map(path, &container->map_size, &failure);
    if (!container->map && failure.kind != ERROR_NONE) {
        if (error)
            *error = failure;
        return -1;
    }
    if (container->map_size < LENGTH_SIZE)
        return refuse(container, error, "is no safetensors file: it is too short");
    for (size_t i = 0; i < LENGTH_SIZE; i++)
        length |= (uint64_t)container->map[i] << 8 * i;
    if (length > HEADER_MAX || length > container->map_size - LENGTH_SIZE)
        return refuse(container, error, "is no safetensors file, or is cut short in its header");
    const char *text = (const char *)container->map + LENGTH_SIZE;
    container->header = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &json_failure);
    if (!container->header)
        return error_set(error, ERROR_INPUT, "%s: its header is no JSON: %s", path,
                         json_failure.text);
    container->data = container->map + LENGTH_SIZE + length;
    container->data_size = container->map_size - LENGTH_SIZE - (size_t)length;
    return 0;
}

/* A JSON array of exactly two integers that are not negative. */
static int read_pair(const json_t *array, size_t pair[2])
{
    if (json_array_size(array) != 2)
        return -1;
    for (size_t i = 0; i < 2; i++) {
        const json_t *value = json_array_get(array, i);
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return -1;
        pair[i] = (size_t)json_integer_value(value);
    }
    return 0;
}

/* Checks one entry of the header against the file and finds its bytes. */
static int find_tensor(const struct container *container, const char *name, struct matrix *matrix,
                       const unsigned char **bytes, struct error *error)
{
    size_t shape[2], offsets[2], cells, size;
    const json_t *entry = json_object_get(container->header, name);
    const char *path = container->path;

    if (!json_is_object(entry))
        return error_set(error, ERROR_INPUT, "%s: has no tensor \"%s\"", path, name);
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type || (strcmp(type, "F16") != 0 && strcmp(type, "F32") != 0))
        return error_set(error, ERROR_INPUT,
                         "%s: tensor \"%s\" is of type %s; F16 and F32 are supported", path, name,
                         type ? type : "unknown");
    matrix->type = strcmp(type, "F16") == 0 ? MATRIX_F16 : MATRIX_F32;
    if (read_pair(json_object_get(entry, "shape"), shape) || !shape[0] || !shape[1])
        return error_set(error, ERROR_INPUT, "%s: tensor \"%s\" is no 2-D matrix, or is empty",
                         path, name);
    if (read_pair(json_object_get(entry, "data_offsets"), offsets) || offsets[0] > offsets[1] ||
        offsets[1] > container->data_size)
        return error_set(error, ERROR_INPUT,
                         "%s: tensor \"%s\" reaches beyond the file's end; the file is cut short",
                         path, name);
    if (__builtin_mul_overflow(shape[0], shape[1], &cells) ||
        __builtin_mul_overflow(cells, matrix->type == MATRIX_F16 ? 2 : 4, &size) ||
        size != offsets[1] - offsets[0])
        return error_set(error, ERROR_INPUT,
                         "%s: tensor \"%s\" of shape (%zu, %zu) does not fit its %zu bytes", path,
                         name, shape[0], shape[1], offsets[1] - offsets[0]);
    matrix->rows = shape[0];
    matrix->cols = shape[1];
    *bytes = container->data + offsets[0];
    return 0;
}

int safetensors_open(const char *path, const char *name, struct matrix *matrix, struct error *error)
{
    struct container container;
    const unsigned char *bytes = NULL;

    *matrix = (struct matrix){0};
    if (open_container(&container, path, error) ||
        find_tensor(&container, name, matrix, &bytes, error))
        goto fail;
    size_t width = matrix->type == MATRIX_F16 ? 2 : 4;
    if ((uintptr_t)bytes % width == 0) {
        matrix->data = bytes;
        matrix->map = container.map;
        matrix->map_size = container.map_size;
        container.map = NULL;
    } else { /* nothing in the format aligns the data */
        size_t cells = matrix->rows * matrix->cols;
        void *copy = memory_array(cells, width);
        if (!copy) {
            error_memory(error);
            goto fail;
        }
        matrix->data = matrix->owned = memcpy(copy, bytes, cells * width);
    }
    close_container(&container);
    return 0;
fail:
    close_container(&container);
    *matrix = (struct matrix){0};
    return -1;
}
