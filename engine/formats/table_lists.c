#include "engine/formats/table_lists.h"

#include "engine/base/memory.h"
#include "engine/formats/allowance.h"
#include "engine/formats/table.h"
#include "engine/formats/table_make.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 1 << 28, CELL = 2 * sizeof(uint32_t) };

struct rows { /* of the table that comes about */
    struct table *table;
    uint32_t *field, *line;
    size_t count, room;
    struct error *error;
};

/* Takes over the header. */
static int begin(struct rows *rows, struct table *table, struct error *error)
{
    *rows = (struct rows){.table = table, .error = error, .room = table->lines, .count = 1};
    rows->field = memory_array(table->lines * table->columns, sizeof *rows->field);
    rows->line = memory_array(table->lines, sizeof *rows->line);
    if (!rows->field || !rows->line)
        return error_memory(error);
    memcpy(rows->field, table->field, table->columns * sizeof *rows->field);
    rows->line[0] = table->line[0];
    return 0;
}

/* Adds a copy of a row, in which the cell of `column` has the text at `text`. */
static int add_row(struct rows *rows, size_t row, size_t column, uint32_t text)
{
    const struct table *table = rows->table;
    size_t columns = table->columns;

    if (table->most && rows->count * (columns + 1) > table->most / CELL)
        return allowance_refuse(table->path, rows->error);
    if (rows->count >= CELLS_MAX / (columns + 1))
        return error_set(rows->error, ERROR_INPUT, "%s: its lists make too many rows", table->path);
    if (rows->count == rows->room) {
        size_t larger = 2 * rows->room + 256;
        uint32_t *field = memory_grow(rows->field, larger * columns, sizeof *field);
        if (field)
            rows->field = field;
        uint32_t *line = field ? memory_grow(rows->line, larger, sizeof *line) : NULL;
        if (!line)
            return error_memory(rows->error);
        rows->line = line;
        rows->room = larger;
    }
    memcpy(rows->field + rows->count * columns, table->field + (row + 1) * columns, columns * sizeof *rows->field);
    rows->field[rows->count * columns + column] = text;
    rows->line[rows->count++] = table->line[row + 1];
    return 0;
}

static uint32_t cell(const struct table *table, size_t row, size_t column)
{
    return table->field[(row + 1) * table->columns + column];
}

/* Stores a text; its offset in *at. */
static int add_text(struct table *table, const char *text, size_t size, uint32_t *at, struct error *error)
{
    if (table->typed ? table_put_kind(table, TABLE_TEXT, text, size, error) : table_put(table, text, size, error))
        return -1;
    *at = table->field[--table->fields];
    return 0;
}

/* Puts the new rows in the table's place, or drops them. */
static int finish(struct rows *rows, int failed)
{
    struct table *table = rows->table;

    if (failed) {
        free(rows->field);
        free(rows->line);
        return -1;
    }
    free(table->field);
    free(table->line);
    table->field = rows->field;
    table->line = rows->line;
    table->fields = rows->count * table->columns;
    table->field_room = rows->room * table->columns;
    table->lines = rows->count;
    table->line_room = rows->room;
    return 0;
}

static int refuse(const struct table *table, size_t row, const char *what, struct error *error)
{
    char place[TABLE_PLACE];

    return error_set(error, ERROR_INPUT, "%s: %s", table_place(table, row, place), what);
}

static bool is_wrapped(const char *text, const char *open, char close)
{
    size_t length = strlen(text), begins = strlen(open);

    return length > begins && strncmp(text, open, begins) == 0 && text[length - 1] == close;
}

/* The list of texts in a cell, null if it holds none; *failed for a list of something else. */
static json_t *list_of(const struct table *table, size_t row, size_t column, int *failed, struct error *error)
{
    const char *text = table_field(table, row, column);
    bool json = table_kind(table, row, column) == TABLE_LIST;

    *failed = 0;
    if (!json && (table->typed || !is_wrapped(text, "[", ']')))
        return NULL;
    json_t *list = json_loads(text, 0, NULL), *value;
    if (!json && !list && (is_wrapped(text, "['", ']') || is_wrapped(text, "[\"", ']')))
        *failed =
            refuse(table, row, "holds a list that is not JSON, as Python prints it: write it with json.dumps", error);
    if (!list)
        return NULL;
    size_t index, texts = 0;
    json_array_foreach (list, index, value)
        texts += json_is_string(value);
    if (texts == json_array_size(list))
        return list;
    if (json)
        *failed =
            refuse(table, row, "holds a list of something else than texts (is this a dataset's own file? see --layout)",
                   error);
    json_decref(list);
    return NULL;
}

static int spread_list(struct rows *rows, size_t row, size_t column, const json_t *list)
{
    size_t index;
    json_t *value;
    uint32_t text;

    json_array_foreach (list, index, value)
        if (add_text(rows->table, json_string_value(value), json_string_length(value), &text, rows->error) ||
            add_row(rows, row, column, text))
            return -1;
    return 0;
}

static bool has_lists(const struct table *table, size_t column)
{
    for (size_t row = 0; row < table_rows(table); row++)
        if (table->typed ? table_kind(table, row, column) == TABLE_LIST : *table_field(table, row, column) == '[')
            return true;
    return false;
}

int table_spread_lists(struct table *table, size_t column, struct table_spread *found, struct error *error)
{
    struct table_spread spread = {0};
    struct rows rows;

    if (found)
        *found = spread;
    if (column == SIZE_MAX || !has_lists(table, column))
        return 0;
    int failed = begin(&rows, table, error);
    for (size_t row = 0; !failed && row < table_rows(table); row++) {
        json_t *list = list_of(table, row, column, &failed, error);
        if (list) {
            spread.rows++;
            spread.values += json_array_size(list);
            spread.empty += json_array_size(list) == 0;
            failed = spread_list(&rows, row, column, list);
            json_decref(list);
        } else if (!failed) {
            failed = add_row(&rows, row, column, cell(table, row, column));
        }
    }
    if (finish(&rows, failed))
        return -1;
    if (found)
        *found = spread;
    return 0;
}

int table_spread_columns(struct table *table, const char *name, struct table_spread *found, struct error *error)
{
    size_t column[TABLE_COLUMNS_MAX], columns = 0;
    struct table_spread spread = {0};
    struct rows rows;
    char numbered[128];

    if (found)
        *found = spread;
    while (columns < TABLE_COLUMNS_MAX) {
        snprintf(numbered, sizeof numbered, "%s_%zu", name, columns + 1);
        if ((column[columns] = table_column(table, numbered)) == SIZE_MAX)
            break;
        columns++;
    }
    if (columns < 2 || table_column(table, name) != SIZE_MAX)
        return 0;
    snprintf(numbered, sizeof numbered, "%s_1", name);
    if (table_rename(table, numbered, name, error))
        return -1;
    int failed = begin(&rows, table, error);
    for (size_t row = 0; !failed && row < table_rows(table); row++) {
        size_t values = 0;
        for (size_t i = 0; !failed && i < columns; i++) {
            if (!*table_field(table, row, column[i]))
                continue;
            values++;
            failed = add_row(&rows, row, column[0], cell(table, row, column[i]));
        }
        spread.rows++;
        spread.values += values;
        spread.empty += values == 0;
    }
    if (finish(&rows, failed))
        return -1;
    if (found)
        *found = spread;
    return 0;
}

struct keyed {
    const struct table *table;
    size_t key;
};

static int compare_keys(const void *left, const void *right, void *context)
{
    const struct keyed *keyed = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int order = strcmp(table_field(keyed->table, a, keyed->key), table_field(keyed->table, b, keyed->key));

    return order ? order : (a > b) - (a < b);
}

/* Stores the texts of `count` rows, joined. */
static int join_texts(struct table *table, const uint32_t *row, size_t count, size_t column, uint32_t *at,
                      struct error *error)
{
    size_t size = 0, used = 0;

    for (size_t i = 0; i < count; i++)
        size += strlen(table_field(table, row[i], column)) + 1;
    char *text = memory_array(size + 1, 1);
    if (!text)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, size + 1 - used, "%s%s", used ? " " : "", table_field(table, row[i], column));
    int failed = add_text(table, text, used, at, error);
    free(text);
    return failed;
}

/* Joins along `order`, rows sorted by key: joined[first row] becomes 1 + the text's offset, that of others 0. */
static int join_runs(struct table *table, const uint32_t *order, const struct keyed *keyed, size_t column,
                     size_t *joined, struct error *error)
{
    size_t rows = table_rows(table);
    uint32_t text = 0;

    for (size_t start = 0, end; start < rows; start = end) {
        const char *key = table_field(table, order[start], keyed->key);
        for (end = start + 1; end < rows && strcmp(table_field(table, order[end], keyed->key), key) == 0; end++)
            ;
        if (!*key) /* rows without a key stay as they are */
            for (size_t i = start; i < end; i++)
                joined[order[i]] = 1 + (size_t)cell(table, order[i], column);
        else if (join_texts(table, order + start, end - start, column, &text, error))
            return -1;
        else
            joined[order[start]] = 1 + (size_t)text;
    }
    return 0;
}

int table_join(struct table *table, size_t key, size_t column, struct error *error)
{
    struct keyed keyed = {table, key};
    struct rows rows;
    size_t count = table_rows(table);
    uint32_t *order = memory_array(count, sizeof *order);
    size_t *joined = memory_array(count, sizeof *joined);
    int failed = begin(&rows, table, error);

    if (!failed && (!order || !joined))
        failed = error_memory(error);
    for (size_t i = 0; !failed && i < count; i++)
        order[i] = (uint32_t)i;
    if (!failed) {
        qsort_r(order, count, sizeof *order, compare_keys, &keyed);
        failed = join_runs(table, order, &keyed, column, joined, error);
    }
    for (size_t row = 0; !failed && row < count; row++)
        if (joined[row])
            failed = add_row(&rows, row, column, (uint32_t)(joined[row] - 1));
    free(order);
    free(joined);
    return finish(&rows, failed);
}
