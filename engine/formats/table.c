#include "engine/formats/table.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/foreign.h"
#include "engine/formats/table_data.h"
#include "engine/formats/table_reader.h"
#include "engine/formats/text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Splits "FILE:MEMBER": `spec` itself if such a file exists, else what precedes its last colon.  Both results are
 * allocated (*member is null without one). */
static int split_spec(const char *spec, char **path, char **member, struct error *error)
{
    const char *colon = access(spec, F_OK) == 0 ? NULL : strrchr(spec, ':');

    *path = memory_text(spec);
    *member = NULL;
    if (!*path)
        return error_memory(error);
    if (!colon || colon == spec || !colon[1])
        return 0;
    (*path)[colon - spec] = 0;
    if (access(*path, F_OK)) { /* no such file either: the whole spec is the wrong name */
        (*path)[colon - spec] = ':';
        return 0;
    }
    *member = memory_text(colon + 1);
    return *member ? 0 : error_memory(error);
}

static struct table *new_table(const char *path, struct error *error)
{
    struct table *table = memory_array(1, sizeof *table);

    if (!table || !(table->path = memory_text(path))) {
        table_close(table);
        error_memory(error);
        return NULL;
    }
    return table;
}

/* A null reader: chosen by name and content. */
static struct table *read_table(const struct table_reader *reader, const char *path, const char *member, bool headless,
                                struct error *error)
{
    size_t size;
    char *bytes = text_file_read(path, TABLE_BYTES_MAX, &size, error);
    struct table *table = bytes ? new_table(path, error) : NULL;

    if (!table) {
        free(bytes);
        return NULL;
    }
    const char *foreign = foreign_file((const unsigned char *)bytes, size);
    if (foreign) {
        error_set(error, ERROR_INPUT, "%s: is not a table but %s", path, foreign);
        free(bytes);
        table_close(table);
        return NULL;
    }
    if (!reader)
        reader = table_reader_for(path, bytes, size);
    table->headless = headless && (reader == &table_csv || reader == &table_tsv);
    int failed = reader->read(table, &bytes, size, member, error);
    free(bytes);
    if (!failed && !table->lines)
        failed = error_set(error, ERROR_INPUT, "%s: is empty; its first row must name the columns", path);
    if (!failed)
        return table;
    table_close(table);
    return NULL;
}

struct table *table_open_as(const struct table_reader *reader, const char *path, const char *member,
                            struct error *error)
{
    return read_table(reader, path, member, false, error);
}

static struct table *open_spec(const char *spec, bool headless, struct error *error)
{
    char *path, *member;
    struct table *table = NULL;

    if (!split_spec(spec, &path, &member, error))
        table = read_table(NULL, path, member, headless, error);
    free(path);
    free(member);
    return table;
}

struct table *table_open(const char *spec, struct error *error)
{
    return open_spec(spec, false, error);
}

struct table *table_open_headless(const char *spec, struct error *error)
{
    return open_spec(spec, true, error);
}

void table_close(struct table *table)
{
    if (!table)
        return;
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

size_t table_line(const struct table *table, size_t row)
{
    return table->line[row + 1];
}

const char *table_place(const struct table *table, size_t row, char buffer[TABLE_PLACE])
{
    char number[40] = "";

    if (table->by_number)
        snprintf(number, sizeof number, " (row %zu)", row + 1);
    snprintf(buffer, TABLE_PLACE, "%.240s:%zu%s", table->path, table_line(table, row), number);
    return buffer;
}

const char *table_where(const struct table *table, size_t row, char buffer[TABLE_PLACE])
{
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
