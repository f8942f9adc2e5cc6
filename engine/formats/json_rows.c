#include "engine/formats/json_rows.h"

#include "engine/base/memory.h"
#include "engine/formats/table.h"
#include "engine/formats/table_make.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_MAX = 1 << 20,  /* bytes of one object: Jansson needs some 50 times as much for it */
    CELLS_MAX = 1 << 26 /* rows x columns, most of which may be empty */
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
    struct error *error;
};

char json_peek(struct json_cursor *cursor)
{
    for (; cursor->at < cursor->end; cursor->at++) {
        char c = *cursor->at;
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return c;
        cursor->line += c == '\n';
    }
    return 0;
}

static bool skip_string(struct json_cursor *cursor)
{
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '\\')
            cursor->at++;
        else if (*cursor->at == '"') {
            cursor->at++;
            return true;
        }
    }
    cursor->at = cursor->end; /* a backslash at the very end skipped past it */
    return false;
}

bool json_skip(struct json_cursor *cursor)
{
    size_t depth = 0;

    do {
        char c = json_peek(cursor);
        if (!c)
            return false;
        if (c == '"') {
            if (!skip_string(cursor))
                return false;
            continue;
        }
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        else if (c != ',' && c != ':') { /* a number or a word */
            size_t length = strcspn(cursor->at, " \t\r\n,:[]{}\"");
            size_t left = (size_t)(cursor->end - cursor->at);
            cursor->at += length < left ? length ? length : 1 : left;
            continue;
        }
        cursor->at++;
    } while (depth > 0);
    return true;
}

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

static int add_text(struct rows *rows, const char *text, size_t size)
{
    struct table *table = rows->table;

    if (table_put(table, text, size, rows->error))
        return -1;
    table->fields--; /* only the text is needed: fields are laid out at the end */
    return 0;
}

/* Adds the field for a value; "" for null. */
static int add_value(struct rows *rows, const json_t *value)
{
    char number[40] = "";

    switch (json_typeof(value)) {
    case JSON_STRING:
        return add_text(rows, json_string_value(value), json_string_length(value));
    case JSON_TRUE:
        return add_text(rows, "true", 4);
    case JSON_FALSE:
        return add_text(rows, "false", 5);
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        print_real(json_real_value(value), number, sizeof number);
        break;
    case JSON_NULL:
        break;
    case JSON_OBJECT:
    case JSON_ARRAY: {
        char *text = json_dumps(value, JSON_COMPACT);
        int failed = text ? add_text(rows, text, strlen(text)) : error_memory(rows->error);
        free(text);
        return failed;
    }
    }
    return add_text(rows, number, strlen(number));
}

static int add_object(struct rows *rows, json_t *object)
{
    const char *key;
    json_t *value;
    size_t place = 0;

    json_object_foreach (object, key, value) {
        struct cell cell;
        if (rows->cells == rows->cell_room) {
            size_t larger = 2 * rows->cell_room + 256;
            struct cell *grown = memory_grow(rows->cell, larger, sizeof *grown);
            if (!grown)
                return error_memory(rows->error);
            rows->cell = grown;
            rows->cell_room = larger;
        }
        cell.text = (uint32_t)rows->table->used;
        if (find_column(rows, key, place++, &cell.column) || add_value(rows, value))
            return -1;
        rows->cell[rows->cells++] = cell;
    }
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

static int read_object(struct rows *rows)
{
    struct json_cursor *cursor = rows->cursor;
    json_error_t failure;
    size_t left = (size_t)(cursor->end - cursor->at), size = left < ROW_MAX ? left : ROW_MAX;

    if (begin_row(rows))
        return -1;
    json_t *object = json_loadb(cursor->at, size, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &failure);
    if (!object)
        return explain(rows, &failure, size < left);
    int failed = add_object(rows, object);
    json_decref(object);
    take(cursor, (size_t)failure.position);
    rows->rows++;
    return failed;
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
                                  c ? "',' or ']' is missing before it" : "']' is missing at the end");
            rows->cursor->at++;
            c = json_peek(rows->cursor);
        }
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
    uint32_t empty = (uint32_t)table->used;

    if (rows->rows && rows->columns > CELLS_MAX / rows->rows)
        return error_set(rows->error, ERROR_INPUT, "%s: %zu rows of %zu keys are too many", table->path, rows->rows,
                         rows->columns);
    if (add_text(rows, "", 0))
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

int json_rows(struct table *table, struct json_cursor *cursor, bool commas, char close, struct error *error)
{
    struct rows rows = {.table = table, .cursor = cursor, .error = error};

    table->by_number = commas;
    rows.name = memory_array(TABLE_COLUMNS_MAX, sizeof *rows.name);
    int failed = rows.name ? read_objects(&rows, commas, close) : error_memory(error);
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
