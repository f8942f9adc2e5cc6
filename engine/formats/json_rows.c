#include "engine/formats/json_rows.h"

#include "engine/base/memory.h"
#include "engine/formats/json_cursor.h"
#include "engine/formats/json_lenient.h"
#include "engine/formats/table.h"
#include "engine/formats/table_make.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_MAX = 1 << 20,   /* bytes of one object: Jansson needs some 50 times as much for it */
    CELLS_MAX = 1 << 26, /* rows x columns, most of which may be empty */
    LOAD_FLAGS = JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK
};

struct cell {
    uint32_t column, text;
};

struct rows { /* until all columns are known */
    struct table *table;
    struct json_cursor *cursor;
    char **name; /* (columns) */
    size_t columns;
    struct cell *cell;
    size_t cells, cell_room;
    uint32_t *start, *line; /* (rows) first cell, line */
    size_t rows, row_room;
    size_t named; /* 1: the first column holds the objects' own names */
    struct error *error;
};

static int refuse_row(const struct rows *rows, size_t line, const char *what)
{
    return error_set(rows->error, ERROR_INPUT, "%s:%zu (row %zu): %s", rows->table->path, line, rows->rows + 1, what);
}

/* Finds the column of a key; objects mostly have the same keys in the same order, so `guess` is tried first. */
static int find_column(struct rows *rows, const char *key, size_t guess, uint32_t *column)
{
    if (guess < rows->columns && strcmp(rows->name[guess], key) == 0) {
        *column = (uint32_t)guess;
        return 0;
    }
    for (size_t i = 0; i < rows->columns; i++)
        if (strcmp(rows->name[i], key) == 0) {
            *column = (uint32_t)i;
            return 0;
        }
    if (rows->columns == TABLE_COLUMNS_MAX)
        return refuse_row(rows, rows->cursor->line, "the objects have more than 1024 keys");
    rows->name[rows->columns] = memory_text(key);
    if (!rows->name[rows->columns])
        return error_memory(rows->error);
    *column = (uint32_t)rows->columns++;
    return 0;
}

/* The shortest text that parses back to the same number. */
static void print_real(double value, char *buffer, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            return;
    }
}

/* Stores the text's offset, if wanted. */
static int add_text(struct rows *rows, enum table_kind kind, const char *text, size_t size, uint32_t *at)
{
    struct table *table = rows->table;

    if (table_put_kind(table, kind, text, size, rows->error))
        return -1;
    table->fields--; /* only the text is needed: fields are laid out at the end */
    if (at)
        *at = table->field[table->fields];
    return 0;
}

/* Adds the field for a value (null: an odd one); "" for null. */
static int add_value(struct rows *rows, const json_t *value, uint32_t *at)
{
    char number[40] = "";

    if (!value)
        return add_text(rows, TABLE_ODD, "", 0, at);
    switch (json_typeof(value)) {
    case JSON_STRING:
        return add_text(rows, TABLE_TEXT, json_string_value(value), json_string_length(value), at);
    case JSON_TRUE:
        return add_text(rows, TABLE_NUMBER, "true", 4, at);
    case JSON_FALSE:
        return add_text(rows, TABLE_NUMBER, "false", 5, at);
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        print_real(json_real_value(value), number, sizeof number);
        break;
    case JSON_NULL:
        return add_text(rows, TABLE_NULL, "", 0, at);
    case JSON_OBJECT:
    case JSON_ARRAY: {
        char *text = json_dumps(value, JSON_COMPACT);
        enum table_kind kind = json_is_array(value) ? TABLE_LIST : TABLE_OBJECT;
        int failed = text ? add_text(rows, kind, text, strlen(text), at) : error_memory(rows->error);
        free(text);
        return failed;
    }
    }
    return add_text(rows, TABLE_NUMBER, number, strlen(number), at);
}

static int add_member(struct rows *rows, const char *key, const json_t *value, size_t place)
{
    struct cell cell;

    if (rows->cells == rows->cell_room) {
        size_t larger = 2 * rows->cell_room + 256;
        struct cell *grown = memory_grow(rows->cell, larger, sizeof *grown);
        if (!grown)
            return error_memory(rows->error);
        rows->cell = grown;
        rows->cell_room = larger;
    }
    if (find_column(rows, key, place, &cell.column) || add_value(rows, value, &cell.text))
        return -1;
    rows->cell[rows->cells++] = cell;
    return 0;
}

static int add_object(struct rows *rows, json_t *object)
{
    const char *key;
    json_t *value;
    size_t place = rows->named;

    json_object_foreach (object, key, value)
        if (add_member(rows, key, value, place++))
            return -1;
    return 0;
}

static int begin_row(struct rows *rows)
{
    if (rows->rows == rows->row_room) {
        size_t larger = 2 * rows->row_room + 256;
        uint32_t *start = memory_grow(rows->start, larger, sizeof *start);
        if (start)
            rows->start = start;
        uint32_t *line = start ? memory_grow(rows->line, larger, sizeof *line) : NULL;
        if (!line)
            return error_memory(rows->error);
        rows->line = line;
        rows->row_room = larger;
    }
    rows->start[rows->rows] = (uint32_t)rows->cells;
    rows->line[rows->rows] = (uint32_t)rows->cursor->line;
    return 0;
}

static void take(struct json_cursor *cursor, size_t size)
{
    for (const char *end = cursor->at + size; cursor->at < end; cursor->at++)
        cursor->line += *cursor->at == '\n';
}

static int explain(const struct rows *rows, const json_error_t *failure, bool cut)
{
    size_t line = rows->cursor->line + (failure->line > 0 ? (size_t)failure->line - 1 : 0);

    if (json_error_code(failure) == json_error_out_of_memory)
        return error_memory(rows->error);
    if (cut && json_error_code(failure) == json_error_premature_end_of_input)
        return refuse_row(rows, rows->cursor->line, "is larger than 1 MiB");
    return refuse_row(rows, line, failure->text);
}

/* Reads a member of an object that holds something odd; `*known` is false where its value is neither JSON nor odd. */
static int read_odd_member(struct rows *rows, struct json_cursor *cursor, size_t place, bool *known)
{
    const char *start = cursor->at;
    json_t *key = NULL, *value = NULL;
    int failed = 0;

    *known = json_lenient(cursor) && (key = json_loadb(start, (size_t)(cursor->at - start), JSON_DECODE_ANY, NULL)) &&
             json_is_string(key) && json_peek(cursor) == ':';
    if (*known) {
        cursor->at++;
        json_peek(cursor);
        start = cursor->at;
        *known = json_lenient(cursor);
    }
    if (*known) {
        json_error_t failure;
        size_t size = (size_t)(cursor->at - start), first = rows->start[rows->rows];
        value = json_loadb(start, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &failure);
        if (!value && json_error_code(&failure) == json_error_out_of_memory)
            failed = error_memory(rows->error);
        else
            failed = add_member(rows, json_string_value(key), value, place);
        for (size_t i = first; !failed && i + 1 < rows->cells; i++)
            if (rows->cell[i].column == rows->cell[rows->cells - 1].column)
                failed = refuse_row(rows, cursor->line, "duplicate object key");
    }
    json_decref(key);
    json_decref(value);
    return failed;
}

/* Reads an object that is JSON but for odd values.  Returns 1; 0 if it is something else, with nothing added; -1 on
 * failure. */
static int read_odd_object(struct rows *rows, size_t size)
{
    struct json_cursor cursor = {rows->cursor->at, rows->cursor->at + size, rows->cursor->line}, whole = cursor;
    size_t cells = rows->cells, place = rows->named;
    bool known = json_lenient(&whole);

    cursor.at++;
    while (known && json_peek(&cursor) != '}') {
        if (place > rows->named) {
            cursor.at++; /* a comma, as the whole is lenient JSON */
            json_peek(&cursor);
        }
        if (read_odd_member(rows, &cursor, place++, &known))
            return -1;
    }
    if (!known) {
        rows->cells = cells;
        return 0;
    }
    *rows->cursor = whole;
    rows->rows++;
    return 1;
}

static int read_object(struct rows *rows)
{
    struct json_cursor *cursor = rows->cursor;
    json_error_t failure;
    size_t left = (size_t)(cursor->end - cursor->at), size = left < ROW_MAX ? left : ROW_MAX;

    json_t *object = json_loadb(cursor->at, size, LOAD_FLAGS, &failure);
    if (!object) {
        enum json_error_code code = json_error_code(&failure);
        bool other = code == json_error_out_of_memory || code == json_error_duplicate_key;
        int odd = other ? 0 : read_odd_object(rows, size);
        return odd ? odd < 0 ? -1 : 0 : explain(rows, &failure, size < left);
    }
    int failed = add_object(rows, object);
    json_decref(object);
    take(cursor, (size_t)failure.position);
    rows->rows++;
    return failed;
}

/* Reads "NAME": as the row's first cell. */
static int read_name(struct rows *rows)
{
    struct json_cursor *cursor = rows->cursor;
    json_error_t failure;
    size_t left = (size_t)(cursor->end - cursor->at);
    const char *start = cursor->at;

    if (*start != '"' || !json_skip(cursor))
        return refuse_row(rows, cursor->line, left ? "a name in quotes is missing" : "is missing: the file ends early");
    json_t *name = json_loadb(start, (size_t)(cursor->at - start), JSON_DECODE_ANY, &failure);
    if (!name)
        return refuse_row(rows, cursor->line, failure.text);
    int failed = add_member(rows, rows->name[0], name, 0);
    json_decref(name);
    if (failed)
        return -1;
    if (json_peek(cursor) != ':')
        return refuse_row(rows, cursor->line, "':' is missing after its name");
    cursor->at++;
    return 0;
}

static int read_objects(struct rows *rows, bool commas, char close)
{
    for (;;) {
        char c = json_peek(rows->cursor);
        if (c == close && (close || rows->cursor->at == rows->cursor->end)) {
            rows->cursor->at += close != 0;
            return 0;
        }
        if (commas && rows->rows) {
            if (c != ',')
                return refuse_row(rows, rows->cursor->line,
                                  rows->named ? "',' or '}' is missing before it or at the end"
                                  : c         ? "',' or ']' is missing before it"
                                              : "']' is missing at the end");
            rows->cursor->at++;
            c = json_peek(rows->cursor);
        }
        if (begin_row(rows) || (rows->named && read_name(rows)))
            return -1;
        c = json_peek(rows->cursor);
        if (c != '{')
            return refuse_row(rows, rows->cursor->line,
                              c || rows->cursor->at < rows->cursor->end ? "is not an object; a table's rows are objects"
                                                                        : "is missing: the file ends early");
        if (read_object(rows))
            return -1;
    }
}

/* Lays out rows and columns as fields, once all are known. */
static int lay_out(struct rows *rows)
{
    struct table *table = rows->table;
    uint32_t empty;

    if (rows->rows && rows->columns > CELLS_MAX / rows->rows)
        return error_set(rows->error, ERROR_INPUT, "%s: %zu rows of %zu keys are too many", table->path, rows->rows,
                         rows->columns);
    if (add_text(rows, TABLE_ABSENT, "", 0, &empty))
        return -1;
    for (size_t i = 0; i < rows->columns; i++)
        if (table_put(table, rows->name[i], strlen(rows->name[i]), rows->error))
            return -1;
    if (table_end_row(table, 1, rows->error))
        return -1;
    size_t fields = (rows->rows + 1) * rows->columns;
    uint32_t *field = memory_grow(table->field, fields, sizeof *field);
    if (!field)
        return error_memory(rows->error);
    table->field = field;
    table->field_room = table->fields = fields;
    for (size_t i = rows->columns; i < fields; i++)
        field[i] = empty;
    for (size_t row = 0; row < rows->rows; row++) {
        size_t end = row + 1 < rows->rows ? rows->start[row + 1] : rows->cells;
        for (size_t i = rows->start[row]; i < end; i++)
            field[(row + 1) * rows->columns + rows->cell[i].column] = rows->cell[i].text;
        if (table_end_row(table, rows->line[row], rows->error))
            return -1;
    }
    return 0;
}

static int read_rows(struct table *table, struct json_cursor *cursor, const char *named, bool commas, char close,
                     struct error *error)
{
    struct rows rows = {.table = table, .cursor = cursor, .error = error};
    uint32_t column;

    table->by_number = commas;
    table->typed = true;
    rows.name = memory_array(TABLE_COLUMNS_MAX, sizeof *rows.name);
    int failed = rows.name ? 0 : error_memory(error);
    if (!failed && named) {
        failed = find_column(&rows, named, 0, &column);
        rows.named = 1;
    }
    if (!failed)
        failed = read_objects(&rows, commas, close);
    if (!failed)
        failed = lay_out(&rows);
    for (size_t i = 0; i < rows.columns; i++)
        free(rows.name[i]);
    free(rows.name);
    free(rows.cell);
    free(rows.start);
    free(rows.line);
    return failed;
}

int json_rows(struct table *table, struct json_cursor *cursor, bool commas, char close, struct error *error)
{
    return read_rows(table, cursor, NULL, commas, close, error);
}

int json_named_rows(struct table *table, struct json_cursor *cursor, const char *named, struct error *error)
{
    return read_rows(table, cursor, named, true, '}', error);
}
