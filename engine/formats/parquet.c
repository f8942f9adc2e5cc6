/* Matrices from Parquet files: a column of lists of floats, all of one length. */
#include "engine/base/mapping.h"
#include "engine/base/memory.h"
#include "engine/formats/allowance.h"
#include "engine/formats/file.h"
#include "engine/formats/matrix_format.h"
#include "engine/formats/parquet_pages.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MOST (INT64_C(1) << 32)

struct rows { /* that are read so far */
    const struct parquet *parquet;
    const struct parquet_column *column;
    float *values;                            /* (rows, length) */
    size_t used, room, rows, length, current; /* length: of the rows before, 0 at first; current: of the last one */
};

static bool is_embedding(const struct parquet_column *column)
{
    return column->list && (column->type == PARQUET_FLOAT || column->type == PARQUET_DOUBLE);
}

static int refuse_row(const struct rows *rows, const char *what, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: row %zu of its column \"%.60s\" %s", rows->parquet->path, rows->rows,
                     rows->column->name, what);
}

/* Checks the length of the row that ends. */
static int end_row(struct rows *rows, struct error *error)
{
    if (rows->rows && !rows->current)
        return refuse_row(rows, "has no vector", error);
    if (rows->rows > 1 && rows->current != rows->length)
        return refuse_row(rows, "has a vector of another length than the first", error);
    rows->length = rows->current;
    return 0;
}

static int take(void *context, const struct parquet_value *value, unsigned defined, unsigned repeated,
                struct error *error)
{
    struct rows *rows = context;

    if (!repeated) {
        if (end_row(rows, error))
            return -1;
        rows->rows++;
        rows->current = 0;
    } else if (!rows->rows) {
        return parquet_damaged(rows->parquet->path, error);
    }
    if (!value)
        return defined + 1 == rows->column->defined ? refuse_row(rows, "holds a null", error) : 0;
    if (rows->used == rows->room) {
        float *grown = memory_grow(rows->values, 2 * rows->room + 1024, sizeof *grown);
        if (!grown)
            return error_memory(error);
        rows->values = grown;
        rows->room = 2 * rows->room + 1024;
    }
    double real;
    float single;
    if (rows->column->type == PARQUET_DOUBLE) {
        memcpy(&real, value->bytes, sizeof real);
        single = (float)real;
    } else {
        memcpy(&single, value->bytes, sizeof single);
    }
    rows->values[rows->used++] = single;
    rows->current++;
    return 0;
}

static int read_rows(struct rows *rows, size_t column, struct error *error)
{
    const struct parquet *parquet = rows->parquet;
    int64_t left = VALUES_MOST;
    const uint64_t most = allowance_of(parquet->size) / sizeof(float);

    for (size_t group = 0; group < parquet->groups; group++) {
        int64_t values = parquet->chunk[group * parquet->columns + column].values;
        if (values > left)
            return error_set(error, ERROR_INPUT,
                             "%s: its column \"%.60s\" claims more than 2^32 numbers: it is damaged, or too large",
                             parquet->path, rows->column->name);
        left -= values;
        if ((uint64_t)(VALUES_MOST - left) > most)
            return allowance_refuse(parquet->path, error);
    }
    for (size_t group = 0; group < parquet->groups; group++)
        if (parquet_read_chunk(parquet, group, column, take, rows, error))
            return -1;
    if (end_row(rows, error))
        return -1;
    return rows->rows && rows->rows == (size_t)parquet->total ? 0 : parquet_damaged(parquet->path, error);
}

static bool matches(const unsigned char *bytes, size_t size)
{
    return size > 4 && memcmp(bytes, "PAR1", 4) == 0;
}

/* Type and shape of a column, as far as the footer says them. */
static void describe(const struct parquet *parquet, size_t column, struct array *array)
{
    int64_t values = 0;

    for (size_t group = 0; group < parquet->groups; group++)
        if (__builtin_add_overflow(values, parquet->chunk[group * parquet->columns + column].values, &values))
            values = 0;
    *array = (struct array){.kind = ARRAY_OTHER};
    if (!is_embedding(&parquet->column[column]) || parquet->total <= 0 || values < parquet->total)
        return;
    *array = (struct array){.kind = ARRAY_FLOAT, .width = sizeof(float), .dimensions = 2};
    array->shape[0] = (size_t)parquet->total;
    array->shape[1] = (size_t)(values / parquet->total);
}

static int open_file(struct parquet *parquet, const char *path, void **map, size_t *size, struct error *error)
{
    *map = file_map(path, size, error);
    if (!*map)
        return -1;
    if (!parquet_open(parquet, path, *map, *size, error))
        return 0;
    mapping_close(*map, *size);
    return -1;
}

static int list(const char *path, struct array_list *found, struct error *error)
{
    struct parquet parquet;
    struct array array;
    void *map;
    size_t size;
    int failed = open_file(&parquet, path, &map, &size, error);

    if (failed)
        return -1;
    for (size_t i = 0; !failed && i < parquet.columns; i++) {
        describe(&parquet, i, &array);
        failed = array_list_add(found, parquet.column[i].name, &array, error);
    }
    parquet_close(&parquet);
    mapping_close(map, size);
    return failed;
}

static int open_column(const struct parquet *parquet, const char *name, struct array *array, struct error *error)
{
    struct rows rows = {.parquet = parquet};
    size_t column = 0;

    while (column < parquet->columns &&
           (strcmp(parquet->column[column].name, name) != 0 || !is_embedding(&parquet->column[column])))
        column++;
    if (column == parquet->columns)
        return error_set(error, ERROR_INPUT, "%s: has no column \"%.80s\" of lists of floats", parquet->path, name);
    rows.column = &parquet->column[column];
    if (read_rows(&rows, column, error)) {
        free(rows.values);
        return -1;
    }
    *array = (struct array){.kind = ARRAY_FLOAT, .width = sizeof(float), .dimensions = 2};
    array->shape[0] = rows.rows;
    array->shape[1] = rows.length;
    array->owned = rows.values;
    array->data = (const unsigned char *)rows.values;
    return 0;
}

static int open_array(const char *path, const char *name, struct array *array, struct error *error)
{
    struct parquet parquet;
    void *map;
    size_t size;

    *array = (struct array){0};
    if (open_file(&parquet, path, &map, &size, error))
        return -1;
    int failed = open_column(&parquet, name, array, error);
    parquet_close(&parquet);
    mapping_close(map, size);
    return failed;
}

const struct matrix_format matrix_format_parquet = {
    .name = "Parquet",
    .title = "a Parquet file",
    .matches = matches,
    .list = list,
    .open = open_array,
};
