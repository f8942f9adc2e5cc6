/* A column of vectors, [0.1, 0.2, ...] as text or as a JSON list, in a table of any kind: how pgvector, Qdrant and
 * others export them.  Vectors are named COLUMN/KEY by the first of the columns key, video, video_id, id, name that
 * the table has, or else numbered. */
#include "engine/base/memory.h"
#include "engine/formats/json_vector.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK = 64 << 10 };

/* Text in whose beginning a '[' precedes a number. */
static bool matches(const unsigned char *bytes, size_t size)
{
    bool found = false;

    for (size_t i = 0; i < size && i < LOOK; i++) {
        if (bytes[i] < ' ' && !strchr("\t\r\n", bytes[i] ? bytes[i] : 1))
            return false;
        size_t at = i + 1;
        while (bytes[i] == '[' && at < size && bytes[at] == ' ')
            at++;
        found = found || (bytes[i] == '[' && at < size && bytes[at] && strchr("-0123456789", bytes[at]));
    }
    return found;
}

static size_t find_key(const struct table *table)
{
    static const char *const names[] = {"key", "video", "video_id", "id", "name"};
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < sizeof names / sizeof *names && found == SIZE_MAX; i++)
        found = table_column(table, names[i]);
    return found;
}

/* A cell as a list of numbers; null if it is anything else. */
static json_t *read_cell(const struct table *table, size_t row, size_t column)
{
    return json_vector(table_field(table, row, column));
}

/* Whether a column holds vectors, judging by its first row. */
static bool has_vectors(const struct table *table, size_t column)
{
    json_t *list = table_rows(table) ? read_cell(table, 0, column) : NULL;

    json_decref(list);
    return list != NULL;
}

static void name_vector(const struct table *table, size_t row, size_t column, size_t key, char name[512])
{
    if (key != SIZE_MAX)
        snprintf(name, 512, "%s/%s", table_name(table, column), table_field(table, row, key));
    else
        snprintf(name, 512, "%s/%zu", table_name(table, column), row);
}

static int refuse_cell(const struct table *table, size_t row, size_t column, struct error *error)
{
    char place[TABLE_PLACE];

    return error_set(error, ERROR_INPUT, "%s: its %.60s is not a list of numbers like [0.1, 0.2]",
                     table_place(table, row, place), table_name(table, column));
}

static int list_column(const struct table *table, size_t column, struct array_list *found, struct error *error)
{
    size_t key = find_key(table);
    char name[512];

    for (size_t row = 0; row < table_rows(table) && !found->more; row++) {
        json_t *list = read_cell(table, row, column);
        struct array array = {.kind = ARRAY_FLOAT, .width = sizeof(float), .dimensions = 1};
        if (!list)
            return refuse_cell(table, row, column, error);
        array.shape[0] = json_array_size(list);
        json_decref(list);
        name_vector(table, row, column, key, name);
        if (array_list_add(found, name, &array, error))
            return -1;
        if (!found->more)
            found->entry[found->count - 1].numbered = key == SIZE_MAX;
    }
    return 0;
}

static int list_vectors(const char *path, struct array_list *found, struct error *error)
{
    struct table *table = table_open(path, error);
    int failed = table ? 0 : -1;

    for (size_t i = 0; !failed && i < table_columns(table); i++)
        if (i != find_key(table) && has_vectors(table, i))
            failed = list_column(table, i, found, error);
    table_close(table);
    return failed;
}

static int make_vector(const struct table *table, size_t row, size_t column, struct array *array, struct error *error)
{
    json_t *list = read_cell(table, row, column);

    *array = (struct array){.kind = ARRAY_FLOAT, .width = sizeof(float), .dimensions = 1};
    if (!list)
        return refuse_cell(table, row, column, error);
    array->shape[0] = json_array_size(list);
    float *values = memory_floats(array->shape[0]);
    if (values)
        json_vector_floats(list, values);
    json_decref(list);
    array->owned = values;
    array->data = (const unsigned char *)values;
    return values ? 0 : error_memory(error);
}

static int each_vector(const char *path, const bool *wanted, array_taker *take, void *context, struct error *error)
{
    struct table *table = table_open(path, error);
    size_t index = 0;
    int failed = table ? 0 : -1;

    for (size_t i = 0; !failed && i < table_columns(table); i++) {
        if (i == find_key(table) || !has_vectors(table, i))
            continue;
        for (size_t row = 0; row < table_rows(table) && !failed; row++, index++) {
            struct array array;
            if (!wanted[index])
                continue;
            failed = make_vector(table, row, i, &array, error) || take(context, index, &array, error);
            array_close(&array);
        }
    }
    table_close(table);
    return failed ? -1 : 0;
}

static int open_vector(const char *path, const char *name, struct array *array, struct error *error)
{
    struct table *table = table_open(path, error);
    char full[512];
    int failed = -1;

    *array = (struct array){0};
    if (!table)
        return -1;
    for (size_t i = 0; failed && i < table_columns(table); i++)
        for (size_t row = 0; failed && has_vectors(table, i) && row < table_rows(table); row++) {
            name_vector(table, row, i, find_key(table), full);
            if (strcmp(full, name) == 0)
                failed = make_vector(table, row, i, array, error);
        }
    if (failed)
        error_set(error, ERROR_INPUT, "%s: has no column \"%.80s\" of vectors like [0.1, 0.2]", path, name);
    table_close(table);
    return failed;
}

const struct matrix_format matrix_format_column = {
    .name = "table",
    .title = "a table with a column of vectors",
    .columns = true,
    .matches = matches,
    .list = list_vectors,
    .open = open_vector,
    .each = each_vector,
};
