#include "engine/formats/safetensors.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_SIZE = 8 };
static const size_t HEADER_MAX = (size_t)100 << 20; /* the limit of the format's own reader */
static const char METADATA[] = "__metadata__";      /* the only key that is not a tensor */

struct safetensors {
    char *path;
    unsigned char *map;
    size_t map_size;
    json_t *header;
    const char **name; /* (count) borrowed from the header */
    size_t count;
    const unsigned char *data; /* offsets count from here */
    size_t data_size;
};

void safetensors_close(struct safetensors *file)
{
    if (!file)
        return;
    mapping_close(file->map, file->map_size);
    json_decref(file->header);
    free(file->name);
    free(file->path);
    free(file);
}

static int list_names(struct safetensors *file, struct error *error)
{
    const char *key;
    json_t *value;

    file->name = memory_array(json_object_size(file->header), sizeof *file->name);
    if (!file->name)
        return error_memory(error);
    json_object_foreach (file->header, key, value)
        if (strcmp(key, METADATA) != 0)
            file->name[file->count++] = key;
    return 0;
}

/* Maps the file and parses its header. */
static int map_and_parse(struct safetensors *file, struct error *error)
{
    struct error failure = {0};
    json_error_t json_failure;
    uint64_t length = 0;

    file->map = file_map(file->path, &file->map_size, &failure);
    if (!file->map && failure.kind != ERROR_NONE) {
        if (error)
            *error = failure;
        return -1;
    }
    if (file->map_size < LENGTH_SIZE)
        return error_set(error, ERROR_INPUT, "%s: is not a safetensors file: it is too short", file->path);
    for (size_t i = 0; i < LENGTH_SIZE; i++)
        length |= (uint64_t)file->map[i] << 8 * i;
    if (length > HEADER_MAX || length > file->map_size - LENGTH_SIZE)
        return error_set(error, ERROR_INPUT, "%s: is not a safetensors file, or is cut short in its header",
                         file->path);
    const char *text = (const char *)file->map + LENGTH_SIZE;
    file->header = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &json_failure);
    if (!file->header)
        return error_set(error, ERROR_INPUT, "%s: its header is not JSON: %s", file->path, json_failure.text);
    file->data = file->map + LENGTH_SIZE + length;
    file->data_size = file->map_size - LENGTH_SIZE - (size_t)length;
    return list_names(file, error);
}

struct safetensors *safetensors_load(const char *path, struct error *error)
{
    struct safetensors *file = memory_array(1, sizeof *file);

    if (!file || !(file->path = memory_text(path))) {
        error_memory(error);
        safetensors_close(file);
        return NULL;
    }
    if (map_and_parse(file, error)) {
        safetensors_close(file);
        return NULL;
    }
    return file;
}

size_t safetensors_count(const struct safetensors *file)
{
    return file->count;
}

const char *safetensors_name(const struct safetensors *file, size_t index)
{
    return file->name[index];
}

/* Reads a JSON array of non-negative integers; returns their number, or SIZE_MAX. */
static size_t read_sizes(const json_t *array, size_t *sizes, size_t most)
{
    size_t count = json_array_size(array);

    if (!json_is_array(array) || count > most)
        return SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_array_get(array, i);
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return SIZE_MAX;
        sizes[i] = (size_t)json_integer_value(value);
    }
    return count;
}

static bool read_type(const char *type, struct array *array)
{
    static const struct {
        const char *name;
        enum array_kind kind;
        size_t width;
    } types[] = {{"F32", ARRAY_FLOAT, 4},    {"F16", ARRAY_FLOAT, 2},    {"BF16", ARRAY_BFLOAT, 2},
                 {"F64", ARRAY_FLOAT, 8},    {"I64", ARRAY_SIGNED, 8},   {"I32", ARRAY_SIGNED, 4},
                 {"I16", ARRAY_SIGNED, 2},   {"I8", ARRAY_SIGNED, 1},    {"U64", ARRAY_UNSIGNED, 8},
                 {"U32", ARRAY_UNSIGNED, 4}, {"U16", ARRAY_UNSIGNED, 2}, {"U8", ARRAY_UNSIGNED, 1},
                 {"BOOL", ARRAY_UNSIGNED, 1}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type && strcmp(type, types[i].name) == 0) {
            array->kind = types[i].kind;
            array->width = types[i].width;
            return true;
        }
    return false;
}

static const json_t *find(const struct safetensors *file, const char *name)
{
    const json_t *entry = strcmp(name, METADATA) ? json_object_get(file->header, name) : NULL;

    return json_is_object(entry) ? entry : NULL;
}

bool safetensors_describe(const struct safetensors *file, const char *name, struct array *array)
{
    const json_t *entry = find(file, name);

    *array = (struct array){0};
    size_t dimensions = read_sizes(json_object_get(entry, "shape"), array->shape, ARRAY_DIMENSIONS);
    if (!entry || dimensions == SIZE_MAX)
        return false;
    array->dimensions = dimensions;
    if (!read_type(json_string_value(json_object_get(entry, "dtype")), array))
        array->kind = ARRAY_OTHER;
    return true;
}

/* How errors name a tensor. */
static void name_tensor(const char *path, const char *name, char *label, size_t size)
{
    char clean[128];

    text_clean(clean, sizeof clean, name);
    snprintf(label, size, "%s: tensor \"%s\"", path, clean);
}

int safetensors_array(const struct safetensors *file, const char *name, struct array *array, struct error *error)
{
    const json_t *entry = find(file, name);
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    char label[512], shape[128];
    size_t offsets[2], size;

    *array = (struct array){0};
    name_tensor(file->path, name, label, sizeof label);
    if (!entry)
        return error_set(error, ERROR_INPUT, "%s is not in the file", label);
    if (!read_type(type, array))
        return error_set(error, ERROR_INPUT, "%s is of type %s; F32, F16, BF16 and F64 are supported", label,
                         type ? type : "unknown");
    size_t dimensions = read_sizes(json_object_get(entry, "shape"), array->shape, ARRAY_DIMENSIONS);
    if (dimensions == SIZE_MAX)
        return error_set(error, ERROR_INPUT, "%s has a malformed shape", label);
    array->dimensions = dimensions;
    if (read_sizes(json_object_get(entry, "data_offsets"), offsets, 2) != 2 || offsets[0] > offsets[1] ||
        offsets[1] > file->data_size)
        return error_set(error, ERROR_INPUT, "%s reaches beyond the file's end; it is cut short", label);
    if (array_bytes(array, label, &size, error))
        return -1;
    array_shape_text(array, shape, sizeof shape);
    if (size != offsets[1] - offsets[0])
        return error_set(error, ERROR_INPUT, "%s of shape %s does not fit its %zu bytes", label, shape,
                         offsets[1] - offsets[0]);
    array->data = file->data + offsets[0];
    return 0;
}

int safetensors_tensor(const struct safetensors *file, const char *name, struct matrix *matrix, struct error *error)
{
    struct array array;
    char label[512];

    *matrix = (struct matrix){0};
    if (safetensors_array(file, name, &array, error))
        return -1;
    name_tensor(file->path, name, label, sizeof label);
    if (array.dimensions == 1) {
        array.shape[1] = array.shape[0];
        array.shape[0] = 1;
        array.dimensions = 2;
    }
    return array_to_matrix(&array, label, matrix, error);
}

static bool safetensors_matches(const unsigned char *bytes, size_t size)
{
    uint64_t length = 0;

    for (size_t i = 0; i < LENGTH_SIZE && i < size; i++)
        length |= (uint64_t)bytes[i] << 8 * i;
    return size > LENGTH_SIZE && length <= size - LENGTH_SIZE && bytes[LENGTH_SIZE] == '{';
}

static int safetensors_list(const char *path, struct array_list *list, struct error *error)
{
    struct safetensors *file = safetensors_load(path, error);
    int failed = file ? 0 : -1;

    for (size_t i = 0; !failed && i < file->count; i++) {
        struct array array;
        if (safetensors_describe(file, file->name[i], &array))
            failed = array_list_add(list, file->name[i], &array, error);
    }
    safetensors_close(file);
    return failed;
}

static int safetensors_open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    struct safetensors *file = safetensors_load(path, error);
    int failed = !file || safetensors_array(file, name, array, error);

    if (!failed) { /* the mapping goes with the array */
        array->map = file->map;
        array->map_size = file->map_size;
        file->map = NULL;
    }
    safetensors_close(file);
    return failed ? -1 : 0;
}

const struct matrix_format matrix_format_safetensors = {
    .name = ".safetensors",
    .title = "a safetensors file",
    .matches = safetensors_matches,
    .list = safetensors_list,
    .open = safetensors_open_array,
};

int safetensors_open(const char *path, const char *name, struct matrix *matrix, struct error *error)
{
    struct array array;
    char label[512];

    *matrix = (struct matrix){0};
    if (safetensors_open_array(path, name, &array, error))
        return -1;
    name_tensor(path, name, label, sizeof label);
    return array_to_matrix(&array, label, matrix, error);
}
