#include "engine/formats/matrix_file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAMED = 6 }; /* arrays listed by name in an error */

static const struct matrix_format *const formats[] = {
#define MATRIX_FORMAT(name) &matrix_format_##name,
#include "engine/formats/matrix_formats.def"
};

enum { FORMATS = sizeof formats / sizeof *formats };

enum wanted { MATRIX, INTEGERS, INTEGER_ROWS, MASK };

static const struct {
    const char *one, *several;
    bool (*fits)(const struct array *array);
} wants[] = {
    [MATRIX] = {"2-D array of floats", "2-D arrays of floats", array_is_matrix},
    [INTEGERS] = {"vector of integers", "vectors of integers", array_is_vector},
    [INTEGER_ROWS] = {"array of integers", "arrays of integers", array_is_integer_rows},
    [MASK] = {"mask", "arrays that may be a mask", array_is_mask},
};

int array_list_add(struct array_list *list, const char *name, const struct array *array, struct error *error)
{
    if (list->count == ARRAY_LIST_MOST) {
        list->more = true;
        return 0;
    }
    struct array_entry *grown = memory_grow(list->entry, list->count + 1, sizeof *grown);
    if (!grown)
        return error_memory(error);
    list->entry = grown;
    grown[list->count] = (struct array_entry){.name = memory_text(name), .array = *array};
    if (!grown[list->count].name)
        return error_memory(error);
    list->count++;
    return 0;
}

void array_list_close(struct array_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->entry[i].name);
    free(list->entry);
    *list = (struct array_list){0};
}

/* Splits a spec into the path of a file and the name of an array in it, if any.  The longest path that exists wins; if
 * none does, the whole spec is the path. */
static int split(const char *spec, char path[PATH_MAX], const char **name, struct error *error)
{
    struct stat status;
    size_t length = strlen(spec);

    *name = NULL;
    if (length >= PATH_MAX)
        return error_set(error, ERROR_INPUT, "%.60s...: the path is too long", spec);
    memcpy(path, spec, length + 1);
    if (stat(path, &status) == 0)
        return 0;
    for (size_t at = length; at-- > 1;) {
        if (spec[at] != ':')
            continue;
        path[at] = '\0';
        if (stat(path, &status) == 0 && spec[at + 1]) {
            *name = spec + at + 1;
            return 0;
        }
    }
    memcpy(path, spec, length + 1);
    return 0;
}

bool matrix_file_exists(const char *spec)
{
    char path[PATH_MAX];
    const char *name;
    struct stat status;

    return split(spec, path, &name, NULL) == 0 && stat(path, &status) == 0;
}

const char *matrix_file_kinds(char buffer[MATRIX_FILE_KINDS])
{
    buffer[0] = '\0';
    for (size_t i = 0; i < FORMATS; i++)
        text_append(buffer, MATRIX_FILE_KINDS, i + 1 < FORMATS ? ", " : " or ", formats[i]->name);
    return buffer;
}

static const struct matrix_format *recognise(const char *path, struct error *error)
{
    struct error failure = {0};
    size_t size;
    const struct matrix_format *format = NULL;
    char kinds[MATRIX_FILE_KINDS];

    unsigned char *map = file_map(path, &size, &failure);
    if (!map) {
        if (failure.kind == ERROR_NONE)
            error_set(error, ERROR_INPUT, "%s: is an empty file", path);
        else if (error)
            *error = failure;
        return NULL;
    }
    for (size_t i = 0; i < FORMATS && !format; i++)
        if (formats[i]->matches(map, size))
            format = formats[i];
    mapping_close(map, size);
    if (!format)
        error_set(error, ERROR_INPUT, "%s: is not a %s file; write the matrix with numpy.save", path,
                  matrix_file_kinds(kinds));
    return format;
}

/* Lists "text (1000, 512), ids (1000,), ...": all that fit, or everything. */
static void tell(const struct array_list *list, bool (*fits)(const struct array *), char *text, size_t size)
{
    size_t used = 0, told = 0;

    *text = '\0';
    for (size_t i = 0; i < list->count && used < size && told <= NAMED; i++) {
        char name[48], shape[48];
        if (fits && !fits(&list->entry[i].array))
            continue;
        if (++told > NAMED) {
            snprintf(text + used, size - used, ", ...");
            break;
        }
        text_clean(name, sizeof name, list->entry[i].name);
        if (list->entry[i].array.kind == ARRAY_OTHER)
            snprintf(shape, sizeof shape, "(not numeric)");
        else
            array_shape_text(&list->entry[i].array, shape, sizeof shape);
        used += (size_t)snprintf(text + used, size - used, "%s%s %s", told > 1 ? ", " : "", name, shape);
    }
}

/* Returns the only array that fits, or null with an error that lists what the file holds. */
static const char *choose(const char *path, const struct array_list *list, enum wanted wanted, struct error *error)
{
    size_t fitting = 0, first = 0;
    char text[400];

    for (size_t i = 0; i < list->count; i++)
        if (wants[wanted].fits(&list->entry[i].array) && !fitting++)
            first = i;
    if (list->more) {
        error_set(error, ERROR_INPUT, "%s: holds more than %d arrays; say which as %s:NAME", path, ARRAY_LIST_MOST,
                  path);
        return NULL;
    }
    if (fitting == 1)
        return list->entry[first].name;
    tell(list, fitting ? wants[wanted].fits : NULL, text, sizeof text);
    if (fitting)
        error_set(error, ERROR_INPUT, "%s: holds %zu %s; say which as FILE:NAME: %s", path, fitting,
                  wants[wanted].several, text);
    else
        error_set(error, ERROR_INPUT, "%s: holds no %s%s%s", path, wants[wanted].one,
                  list->count ? ", but " : "; it has no arrays at all", text);
    return NULL;
}

/* Opens what the spec names; errors call it `label`. */
static int open_array(const char *spec, enum wanted wanted, struct array *array, char *label, size_t size,
                      struct error *error)
{
    char path[PATH_MAX];
    const char *name;
    struct array_list list = {0};
    int failed = -1;

    *array = (struct array){0};
    if (split(spec, path, &name, error))
        return -1;
    const struct matrix_format *format = recognise(path, error);
    if (!format)
        return -1;
    if (!format->list && name) {
        return error_set(error, ERROR_INPUT, "%s: is %s, a single array without a name: omit \":%s\"", path,
                         format->title, name);
    }
    if (format->list && !name && (format->list(path, &list, error) || !(name = choose(path, &list, wanted, error))))
        goto done;
    failed = format->open(path, name, array, error);
    snprintf(label, size, name ? "%s:%s" : "%s", path, name);
done:
    array_list_close(&list);
    return failed;
}

int matrix_file_open(const char *spec, struct matrix *matrix, struct error *error)
{
    struct array array;
    char label[PATH_MAX];

    *matrix = (struct matrix){0};
    if (open_array(spec, MATRIX, &array, label, sizeof label, error))
        return -1;
    return array_to_matrix(&array, label, matrix, error);
}

int matrix_file_integers(const char *spec, int64_t **values, size_t *count, struct error *error)
{
    struct array array;
    char label[PATH_MAX];

    *values = NULL;
    *count = 0;
    if (open_array(spec, INTEGERS, &array, label, sizeof label, error))
        return -1;
    int failed = array_to_integers(&array, label, values, count, error);
    array_close(&array);
    return failed;
}

int matrix_file_integer_rows(const char *spec, int64_t **values, size_t *rows, size_t *cols, struct error *error)
{
    struct array array;
    char label[PATH_MAX];

    *values = NULL;
    *rows = *cols = 0;
    if (open_array(spec, INTEGER_ROWS, &array, label, sizeof label, error))
        return -1;
    int failed = array_to_integer_rows(&array, label, values, rows, cols, error);
    array_close(&array);
    return failed;
}

int matrix_file_mask(const char *spec, bool **values, size_t *count, struct error *error)
{
    struct array array;
    char label[PATH_MAX];

    *values = NULL;
    *count = 0;
    if (open_array(spec, MASK, &array, label, sizeof label, error))
        return -1;
    int failed = array_to_mask(&array, label, values, count, error);
    array_close(&array);
    return failed;
}
