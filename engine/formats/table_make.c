#include "engine/formats/table_make.h"

#include "engine/base/memory.h"
#include "engine/formats/allowance.h"

#include <stdio.h>
#include <string.h>

enum { CELL = 2 * sizeof(uint32_t) }; /* an array that grows takes up to twice its elements */

/* Doubles *array, which has room for *room elements, when `used` fills it. */
static bool reserve(uint32_t **array, size_t used, size_t *room)
{
    if (used < *room)
        return true;
    size_t larger = *room ? 2 * *room : 256;
    uint32_t *grown = memory_grow(*array, larger, sizeof **array);
    if (!grown)
        return false;
    *array = grown;
    *room = larger;
    return true;
}

/* Makes room for `size` more bytes of text. */
static int reserve_text(struct table *table, size_t size, struct error *error)
{
    if (table->most && table->used + size + CELL * (uint64_t)table->fields > table->most)
        return allowance_refuse(table->path, error);
    if (size <= table->room - table->used)
        return 0;
    if (size > UINT32_MAX - table->used)
        return error_set(error, ERROR_INPUT, "%s: holds too much text", table->path);
    size_t larger = 2 * (table->used + size) + 256;
    char *grown = memory_grow(table->text, larger, 1);
    if (!grown)
        return error_memory(error);
    table->text = grown;
    table->room = larger;
    return 0;
}

int table_put(struct table *table, const char *bytes, size_t size, struct error *error)
{
    if (reserve_text(table, size + 1, error))
        return -1;
    if (!reserve(&table->field, table->fields, &table->field_room))
        return error_memory(error);
    memmove(table->text + table->used, bytes, size);
    table->text[table->used + size] = 0;
    table->field[table->fields++] = (uint32_t)table->used;
    table->used += size + 1;
    return 0;
}

int table_put_kind(struct table *table, enum table_kind kind, const char *bytes, size_t size, struct error *error)
{
    const char mark = (char)kind;

    if (table_put(table, &mark, 1, error))
        return -1;
    table->fields--; /* it precedes a field */
    return table_put(table, bytes, size, error);
}

int table_put_cell(struct table *table, const struct table *from, size_t row, size_t column, struct error *error)
{
    const char *text = table_field(from, row, column);

    return table->typed ? table_put_kind(table, table_kind(from, row, column), text, strlen(text), error)
                        : table_put(table, text, strlen(text), error);
}

int table_end_row(struct table *table, size_t line, struct error *error)
{
    if (!reserve(&table->line, table->lines, &table->line_room))
        return error_memory(error);
    table->line[table->lines++] = (uint32_t)line;
    if (table->lines == 1)
        table->columns = table->fields;
    return 0;
}

struct table *table_make(const char *path, const char *const *names, size_t count, struct error *error)
{
    struct table *table = memory_array(1, sizeof *table);
    int failed = table && (table->path = memory_text(path)) ? 0 : error_memory(error);

    for (size_t i = 0; !failed && i < count; i++)
        failed = table_put(table, names[i], strlen(names[i]), error);
    if (!failed && !table_end_row(table, 0, error))
        return table;
    table_close(table);
    return NULL;
}

int table_rename(struct table *table, const char *from, const char *to, struct error *error)
{
    size_t column = table_column(table, from), size = strlen(to) + 1;

    if (column == SIZE_MAX || table_column(table, to) != SIZE_MAX)
        return 0;
    if (reserve_text(table, size, error))
        return -1;
    table->field[column] = (uint32_t)table->used;
    memcpy(table->text + table->used, to, size);
    table->used += size;
    return 0;
}

void table_keep(struct table *table, const bool *keep)
{
    size_t kept = 1, columns = table->columns;

    for (size_t row = 1; row < table->lines; row++) {
        if (!keep[row - 1])
            continue;
        memmove(table->field + kept * columns, table->field + row * columns, columns * sizeof *table->field);
        table->line[kept++] = table->line[row];
    }
    table->lines = kept;
    table->fields = kept * columns;
}

int table_number_columns(struct table *table, struct error *error)
{
    size_t columns = table->columns, fields = table->fields;
    uint32_t named[TABLE_COLUMNS_MAX];
    char name[24];

    if (!table->headless || !table->lines)
        return 0;
    for (size_t i = 0; i < columns; i++) {
        int size = snprintf(name, sizeof name, "%zu", i + 1);
        if (table_put(table, name, (size_t)size, error))
            return -1;
        named[i] = table->field[fields + i];
    }
    if (table_end_row(table, 0, error))
        return -1;
    memmove(table->field + columns, table->field, fields * sizeof *table->field);
    memcpy(table->field, named, columns * sizeof *named);
    memmove(table->line + 1, table->line, (table->lines - 1) * sizeof *table->line);
    table->line[0] = 0;
    return 0;
}

int table_check_header(const struct table *table, struct error *error)
{
    if (table->headless)
        return 0;
    for (size_t i = 0; i < table->columns; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(table_name(table, i), table_name(table, j)) == 0)
                return error_set(error, ERROR_INPUT,
                                 "%s:%u: two columns are named '%.64s'; if that row is data, give --no-header",
                                 table->path, table->line[0], table_name(table, i));
    return 0;
}

int table_refuse_row(const struct table *table, size_t line, size_t fields, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%zu: has %zu field%s where the header has %zu", table->path, line, fields,
                     fields == 1 ? "" : "s", table->columns);
}
