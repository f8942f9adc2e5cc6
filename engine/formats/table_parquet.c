/* Parquet: its columns of texts, numbers and booleans, and of lists of texts, which become JSON lists as elsewhere;
 * other columns, such as embeddings, are left out here. */
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/allowance.h"
#include "engine/formats/parquet_pages.h"
#include "engine/formats/table.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 1 << 28, CELL = 2 * sizeof(uint32_t) };

struct cells { /* a column of the table, over all row groups */
    struct table *table;
    const struct parquet_column *column;
    uint32_t *text; /* (rows) offsets in the table's text */
    size_t rows, room;
    json_t *list; /* the row that is being read, of a column of lists */
};

static bool is_read(const struct parquet_column *column)
{
    bool text = column->type == PARQUET_BYTES && column->text;

    return column->plain
               ? text || column->type < PARQUET_INT96 || column->type == PARQUET_FLOAT || column->type == PARQUET_DOUBLE
               : column->list && text;
}

static int put(struct cells *cells, enum table_kind kind, const char *text, size_t size, struct error *error)
{
    if (cells->rows == cells->room) {
        uint32_t *grown = memory_grow(cells->text, 2 * cells->room + 64, sizeof *grown);
        if (!grown)
            return error_memory(error);
        cells->text = grown;
        cells->room = 2 * cells->room + 64;
    }
    if (table_put_kind(cells->table, kind, text, size, error))
        return -1;
    cells->text[cells->rows++] = cells->table->field[--cells->table->fields];
    return 0;
}

static int put_number(struct cells *cells, const struct parquet_value *value, struct error *error)
{
    const struct parquet_column *column = cells->column;
    char text[40];
    int32_t four;
    int64_t eight;
    float single;
    double real;

    switch (column->type) {
    case PARQUET_BOOLEAN:
        return *value->bytes ? put(cells, TABLE_NUMBER, "true", 4, error) : put(cells, TABLE_NUMBER, "false", 5, error);
    case PARQUET_INT32:
        memcpy(&four, value->bytes, sizeof four);
        snprintf(text, sizeof text, "%" PRId64, column->is_unsigned ? (int64_t)(uint32_t)four : four);
        break;
    case PARQUET_INT64:
        memcpy(&eight, value->bytes, sizeof eight);
        snprintf(text, sizeof text, column->is_unsigned ? "%" PRIu64 : "%" PRId64, eight);
        break;
    case PARQUET_FLOAT:
        memcpy(&single, value->bytes, sizeof single);
        snprintf(text, sizeof text, "%.9g", (double)single);
        break;
    default:
        memcpy(&real, value->bytes, sizeof real);
        snprintf(text, sizeof text, "%.17g", real);
        break;
    }
    return put(cells, TABLE_NUMBER, text, strlen(text), error);
}

static bool is_plain_text(const struct parquet_value *value)
{
    return text_is_utf8((const char *)value->bytes, value->size) && !memchr(value->bytes, 0, value->size);
}

static int take_value(void *context, const struct parquet_value *value, unsigned defined, unsigned repeated,
                      struct error *error)
{
    struct cells *cells = context;

    (void)defined;
    (void)repeated;
    if (!value)
        return put(cells, TABLE_NULL, "", 0, error);
    if (cells->column->type != PARQUET_BYTES)
        return put_number(cells, value, error);
    return is_plain_text(value) ? put(cells, TABLE_TEXT, (const char *)value->bytes, value->size, error)
                                : put(cells, TABLE_ODD, "", 0, error);
}

/* Stores the list that was read, if any. */
static int end_list(struct cells *cells, struct error *error)
{
    if (!cells->list)
        return 0;
    char *text = json_dumps(cells->list, JSON_COMPACT);
    json_decref(cells->list);
    cells->list = NULL;
    int failed = text ? put(cells, TABLE_LIST, text, strlen(text), error) : error_memory(error);
    free(text);
    return failed;
}

static int take_element(void *context, const struct parquet_value *value, unsigned defined, unsigned repeated,
                        struct error *error)
{
    struct cells *cells = context;

    if (!repeated) {
        if (end_list(cells, error))
            return -1;
        if (!(cells->list = json_array()))
            return error_memory(error);
    } else if (!cells->list) {
        return parquet_damaged(cells->table->path, error);
    }
    if (value && is_plain_text(value))
        json_array_append_new(cells->list, json_stringn((const char *)value->bytes, value->size));
    else if (value || defined + 1 == cells->column->defined)
        json_array_append_new(cells->list, json_null()); /* refused where a list of texts is wanted */
    return 0;
}

static int read_column(struct cells *cells, const struct parquet *parquet, size_t column, struct error *error)
{
    cells->column = &parquet->column[column];
    int64_t wanted = 0;
    int failed = 0;

    for (size_t group = 0; !failed && group < parquet->groups; group++) {
        wanted += parquet->rows[group];
        failed =
            parquet_read_chunk(parquet, group, column, cells->column->list ? take_element : take_value, cells, error) ||
            end_list(cells, error);
        if (!failed && cells->rows != (size_t)wanted)
            failed = parquet_damaged(parquet->path, error);
    }
    return failed ? -1 : 0;
}

static int lay_out(struct table *table, const struct cells *cells, size_t columns, struct error *error)
{
    size_t rows = cells->rows, fields = (rows + 1) * columns;

    for (size_t i = 0; i < columns; i++)
        if (table_put(table, cells[i].column->name, strlen(cells[i].column->name), error))
            return -1;
    if (table_end_row(table, 1, error))
        return -1;
    uint32_t *field = memory_grow(table->field, fields, sizeof *field);
    if (!field)
        return error_memory(error);
    table->field = field;
    table->fields = table->field_room = fields;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++)
            field[(row + 1) * columns + i] = cells[i].text[row];
        if (table_end_row(table, row + 1, error))
            return -1;
    }
    return table_check_header(table, error);
}

static int check_size(const struct parquet *parquet, struct error *error)
{
    const int64_t most = (int64_t)(allowance_of(parquet->size) / CELL);
    int64_t fields, columns = 0;

    for (size_t i = 0; i < parquet->columns && columns < TABLE_COLUMNS_MAX; i++)
        columns += is_read(&parquet->column[i]);
    if (!__builtin_mul_overflow(parquet->total, columns, &fields) && fields <= FIELDS_MOST)
        return fields <= most ? 0 : allowance_refuse(parquet->path, error);
    return error_set(error, ERROR_INPUT, "%s: claims %" PRId64 " rows: it is damaged, or too large for a table",
                     parquet->path, parquet->total);
}

static int read_columns(struct table *table, const struct parquet *parquet, struct error *error)
{
    struct cells *cells = memory_array(parquet->columns, sizeof *cells);
    size_t columns = 0;
    int failed = cells ? check_size(parquet, error) : error_memory(error);

    for (size_t i = 0; !failed && i < parquet->columns && columns < TABLE_COLUMNS_MAX; i++) {
        if (!is_read(&parquet->column[i]))
            continue;
        cells[columns].table = table;
        failed = read_column(&cells[columns++], parquet, i, error);
    }
    if (!failed)
        failed = columns ? lay_out(table, cells, columns, error)
                         : error_set(error, ERROR_INPUT, "%s: has no columns of texts or numbers", table->path);
    for (size_t i = 0; i < columns; i++) {
        free(cells[i].text);
        json_decref(cells[i].list);
    }
    free(cells);
    return failed;
}

static int read_parquet(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    struct parquet parquet;

    if (member)
        return error_set(error, ERROR_INPUT, "%s: is a Parquet file: its tables have no \"%.80s\"", table->path,
                         member);
    if (parquet_open(&parquet, table->path, (const unsigned char *)*bytes, size, error))
        return -1;
    table->typed = table->by_number = true;
    int failed = read_columns(table, &parquet, error);
    parquet_close(&parquet);
    return failed;
}

static bool recognise(const char *bytes, size_t size)
{
    return size > 4 && memcmp(bytes, "PAR1", 4) == 0;
}

const struct table_reader table_parquet = {
    .name = "Parquet",
    .help = "columns of texts, numbers and lists of texts",
    .extensions = "parquet",
    .recognise = recognise,
    .read = read_parquet,
};
