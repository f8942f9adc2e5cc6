#include "engine/formats/table.h"

#include "engine/base/text.h"
#include "engine/formats/table_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_close(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->pieces; i++)
        free(table->piece[i].path);
    free(table->piece);
    free(table->path);
    free(table->text);
    free(table->field);
    free(table->line);
    free(table);
}

static const char *at(const struct table *table, size_t row, size_t column)
{
    return table->text + table->field[row * table->columns + column];
}

size_t table_rows(const struct table *table)
{
    return table->lines - 1;
}

size_t table_columns(const struct table *table)
{
    return table->columns;
}

const char *table_name(const struct table *table, size_t column)
{
    return at(table, 0, column);
}

size_t table_column(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table_name(table, i), name) == 0)
            return i;
    return SIZE_MAX;
}

const char *table_field(const struct table *table, size_t row, size_t column)
{
    return column == SIZE_MAX ? "" : at(table, row + 1, column);
}

enum table_kind table_kind(const struct table *table, size_t row, size_t column)
{
    if (column == SIZE_MAX)
        return TABLE_ABSENT;
    return table->typed ? (enum table_kind)at(table, row + 1, column)[-2] : TABLE_TEXT;
}

bool table_is_json(const struct table *table)
{
    return table->typed;
}

bool table_is_headless(const struct table *table)
{
    return table->headless;
}

size_t table_pieces(const struct table *table)
{
    return table->pieces;
}

size_t table_piece(const struct table *table, size_t row)
{
    size_t low = 0, high = table->pieces;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (table->piece[middle].before < table->line[row + 1])
            low = middle;
        else
            high = middle;
    }
    return low;
}

const char *table_piece_path(const struct table *table, size_t piece)
{
    return table->piece[piece].path;
}

size_t table_line(const struct table *table, size_t row)
{
    return table->line[row + 1] - (table->pieces ? table->piece[table_piece(table, row)].before : 0);
}

const char *table_place(const struct table *table, size_t row, char buffer[TABLE_PLACE])
{
    char number[40] = "";

    if (table->by_number)
        snprintf(number, sizeof number, table->pieces ? " (row %zu in all)" : " (row %zu)", row + 1);
    snprintf(buffer, TABLE_PLACE, "%.240s:%zu%s",
             table->pieces ? table_piece_path(table, table_piece(table, row)) : table->path, table_line(table, row),
             number);
    return buffer;
}

const char *table_where(const struct table *table, size_t row, char buffer[TABLE_PLACE])
{
    if (table->pieces)
        return table_place(table, row, buffer);
    snprintf(buffer, TABLE_PLACE, "%s %zu", table->by_number ? "row" : "line",
             table->by_number ? row + 1 : table_line(table, row));
    return buffer;
}

void table_names(const struct table *table, char *buffer, size_t size)
{
    size_t used = 0;

    buffer[0] = 0;
    for (size_t i = 0; i < table->columns && used + 8 < size; i++) {
        char name[96];
        text_clean(name, sizeof name, table_name(table, i));
        bool fits = used + strlen(name) + 8 < size;
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", i ? ", " : "", fits ? name : "...");
        if (!fits)
            break;
    }
}
