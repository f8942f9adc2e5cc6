#include "engine/formats/matrix_file.h"

#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/file.h"
#include "engine/formats/foreign.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/matrix_selection.h"
#include "engine/formats/matrix_shards.h"
#include "engine/formats/matrix_stack.h"
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
    if (list->count == list->room) {
        size_t larger = 2 * list->room + 8;
        struct array_entry *grown = memory_grow(list->entry, larger, sizeof *grown);
        if (!grown)
            return error_memory(error);
        list->entry = grown;
        list->room = larger;
    }
    struct array_entry *entry = &list->entry[list->count];
    *entry = (struct array_entry){.name = memory_text(name), .array = *array};
    if (!entry->name)
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

    return matrix_selection_named(spec)
               ? matrix_selection_exists(spec)
               : shards_named(spec) || (split(spec, path, &name, NULL) == 0 && stat(path, &status) == 0);
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
    const char *foreign = format ? NULL : foreign_file(map, size);
    mapping_close(map, size);
    if (foreign)
        error_set(error, ERROR_INPUT, "%s: is %s", path, foreign);
    else if (!format)
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

/* Refuses to choose; lists what the file holds. */
static int refuse_choice(const char *path, const struct array_list *list, enum wanted wanted, size_t fitting,
                         bool frames, struct error *error)
{
    char text[320];

    tell(list, fitting ? wants[wanted].fits : NULL, text, sizeof text);
    if (fitting)
        return error_set(error, ERROR_INPUT, "%s: holds %zu %s; say which as FILE:NAME%s: %s", path, fitting,
                         wants[wanted].several,
                         frames ? ", or give --pool mean or max if each is the frames of a video" : "", text);
    return error_set(error, ERROR_INPUT, "%s: holds no %s%s%s%s", path, wants[wanted].one,
                     list->count ? ", but " : "; it has no arrays at all", text,
                     frames ? "; --pool mean or max makes a row of each one's frames" : "");
}

static int list_arrays(const struct matrix_format *format, const char *path, struct array_list *list,
                       struct error *error)
{
    if (format->list(path, list, error))
        return -1;
    return list->more ? error_set(error, ERROR_INPUT, "%s: holds more than %d arrays; say which as %s:NAME", path,
                                  ARRAY_LIST_MOST, path)
                      : 0;
}

/* Returns the only array that fits, or null; *fitting counts them. */
static const char *choose(const struct array_list *list, bool (*fits)(const struct array *), size_t *fitting)
{
    const char *name = NULL;

    *fitting = 0;
    for (size_t i = 0; i < list->count; i++)
        if (fits(&list->entry[i].array) && !(*fitting)++)
            name = list->entry[i].name;
    return *fitting == 1 ? name : NULL;
}

/* How errors name an array. */
static void name_array(const char *path, const char *name, char label[PATH_MAX])
{
    snprintf(label, PATH_MAX, name && *name ? "%s:%s" : "%s", path, name);
}

/* A file that is the format's only array. */
static bool is_alone(const struct array_list *list)
{
    return list->count == 1 && !*list->entry[0].name;
}

static int refuse_name(const struct matrix_format *format, const char *path, const char *name, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: is %s, a single array without a name: omit \":%s\"", path, format->title,
                     name);
}

/* Opens what the spec names; errors call it `label`. */
static int open_array(const char *spec, enum wanted wanted, struct array *array, char label[PATH_MAX],
                      struct error *error)
{
    char path[PATH_MAX];
    const char *name;
    struct array_list list = {0};
    size_t fitting = 0;
    int failed = -1;

    *array = (struct array){0};
    if (matrix_selection_named(spec))
        return error_set(error, ERROR_INPUT, "%.150s: selects vectors of floats, not %s", spec, wants[wanted].several);
    if (split(spec, path, &name, error))
        return -1;
    const struct matrix_format *format = recognise(path, error);
    if (!format)
        return -1;
    if (!format->list && name)
        return refuse_name(format, path, name, error);
    if (format->list && !name) {
        if (list_arrays(format, path, &list, error))
            goto done;
        name = is_alone(&list) ? "" : choose(&list, wants[wanted].fits, &fitting);
        if (!name) {
            refuse_choice(path, &list, wanted, fitting, false, error);
            goto done;
        }
    }
    failed = format->open(path, name, array, error);
    name_array(path, name, label);
done:
    array_list_close(&list);
    return failed;
}

/* Opens one array as a matrix. */
static int open_one(const struct matrix_format *format, const char *path, const char *name, enum array_pool pool,
                    struct matrix *matrix, struct error *error)
{
    char label[PATH_MAX];
    struct array array;

    if (format->open(path, name, &array, error))
        return -1;
    name_array(path, name, label);
    return pool != POOL_NONE && array_is_frames(&array) ? array_frames_to_matrix(&array, pool, matrix, error)
                                                        : array_to_matrix(&array, label, matrix, error);
}

/* Finds the column that all names COLUMN/KEY begin with; false if there are several, or none. */
static bool only_column(const struct array_list *list, char *column, size_t size)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *slash = strchr(list->entry[i].name, '/');
        size_t length = slash ? (size_t)(slash - list->entry[i].name) : size;
        if (length >= size || (i && (strncmp(column, list->entry[i].name, length) != 0 || column[length])))
            return false;
        memcpy(column, list->entry[i].name, length);
        column[length] = '\0';
    }
    return list->count > 0;
}

static int refuse_columns(const char *path, const struct array_list *list, struct error *error)
{
    return list->count
               ? error_set(error, ERROR_INPUT, "%s: has several columns of vectors; say which as FILE:COLUMN", path)
               : error_set(error, ERROR_INPUT, "%s: has no column of vectors like [0.1, 0.2]", path);
}

/* Opens a container without a name. */
static int open_any(const struct matrix_format *format, const char *path, const struct array_list *list,
                    const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    bool frames;
    size_t fitting;
    const char *only = choose(list, array_is_matrix, &fitting);

    if (!fitting && request->pool != POOL_NONE)
        only = choose(list, array_is_frames, &fitting);
    if (only)
        return open_one(format, path, only, request->pool, matrix, error);
    char column[128] = "";
    if (format->columns && !only_column(list, column, sizeof column))
        return refuse_columns(path, list, error);
    if (matrix_stack_fits(list, column, request->pool, &frames))
        return matrix_stack_read(format, path, list, column, request, path, matrix, error);
    return refuse_choice(path, list, MATRIX, fitting, frames && fitting > 2, error);
}

/* Opens FILE:NAME where NAME is that of several arrays, NAME/KEY. */
static int open_group(const struct matrix_format *format, const char *path, const struct array_list *list,
                      const char *name, const struct matrix_request *request, struct matrix *matrix,
                      struct error *error)
{
    const char *group = *name == '/' ? name + 1 : name;
    char label[PATH_MAX];
    bool frames;

    name_array(path, name, label);
    if (matrix_stack_fits(list, group, request->pool, &frames))
        return matrix_stack_read(format, path, list, group, request, label, matrix, error);
    return frames ? error_set(error, ERROR_INPUT,
                              "%s: holds a matrix for each key; if these are the frames of videos, "
                              "--pool mean or max makes a row of each",
                              label)
                  : open_one(format, path, name, request->pool, matrix, error);
}

static bool has_name(const struct array_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entry[i].name, name) == 0)
            return true;
    return false;
}

static int open_container(const struct matrix_format *format, const char *path, const char *name,
                          const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    struct array_list list = {0};

    if (list_arrays(format, path, &list, error)) {
        array_list_close(&list);
        return -1;
    }
    int failed = is_alone(&list)         ? name ? refuse_name(format, path, name, error)
                                                : open_one(format, path, "", request->pool, matrix, error)
                         : !name ? open_any(format, path, &list, request, matrix, error)
                 : has_name(&list, name) ? open_one(format, path, name, request->pool, matrix, error)
                                         : open_group(format, path, &list, name, request, matrix, error);
    array_list_close(&list);
    return failed;
}

static int read_file(const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    char path[PATH_MAX];
    const char *name;

    *matrix = (struct matrix){0};
    if (split(request->spec, path, &name, error))
        return -1;
    const struct matrix_format *format = recognise(path, error);
    if (!format)
        return -1;
    if (format->list)
        return open_container(format, path, name, request, matrix, error);
    return name ? refuse_name(format, path, name, error) : open_one(format, path, NULL, request->pool, matrix, error);
}

int matrix_file_read(const struct matrix_request *request, struct matrix *matrix, struct error *error)
{
    *matrix = (struct matrix){0};
    if (matrix_selection_named(request->spec))
        return matrix_selection_read(request, matrix, error);
    return shards_named(request->spec) ? matrix_shards_read(request, read_file, matrix, error)
                                       : read_file(request, matrix, error);
}

int matrix_file_open(const char *spec, struct matrix *matrix, struct error *error)
{
    return matrix_file_read(&(struct matrix_request){.spec = spec}, matrix, error);
}

int matrix_file_integers(const char *spec, int64_t **values, size_t *count, struct error *error)
{
    struct array array;
    char label[PATH_MAX];

    *values = NULL;
    *count = 0;
    if (open_array(spec, INTEGERS, &array, label, error))
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
    if (open_array(spec, INTEGER_ROWS, &array, label, error))
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
    if (open_array(spec, MASK, &array, label, error))
        return -1;
    int failed = array_to_mask(&array, label, values, count, error);
    array_close(&array);
    return failed;
}
