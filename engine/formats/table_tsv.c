/* Tab-separated values: everything between tabs is the field.  Programs that write TSV by the rules of CSV quote fields
 * that hold quotes: these quotes are removed. */
#include "engine/formats/table.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"

#include <string.h>

/* Strips a field's quotes, in place, if it is quoted as a whole and quotes within are doubled; else leaves it
 * unchanged.  Returns its length and sets *field to its start. */
static size_t unquote(char **field, size_t size)
{
    char *bytes = *field;
    size_t used = 0;

    if (size < 2 || bytes[0] != '"' || bytes[size - 1] != '"')
        return size;
    for (size_t i = 1; i + 1 < size; i++)
        if (bytes[i] == '"' && (i + 2 >= size || bytes[++i] != '"'))
            return size;
    for (size_t i = 1; i + 1 < size; i++) {
        bytes[used++] = bytes[i];
        i += bytes[i] == '"';
    }
    return used;
}

static int read_row(struct table *table, char *row, size_t size, size_t line, struct error *error)
{
    size_t fields = 0;

    for (char *field = row; field; fields++) {
        char *tab = memchr(field, '\t', size - (size_t)(field - row));
        size_t length = tab ? (size_t)(tab - field) : size - (size_t)(field - row);
        if (fields == TABLE_COLUMNS_MAX)
            return error_set(error, ERROR_INPUT, "%s:%zu: has more than 1024 fields", table->path, line);
        length = unquote(&field, length);
        if (table_put(table, field, length, error))
            return -1;
        field = tab ? tab + 1 : NULL;
    }
    if (table->lines && fields != table->columns)
        return table_refuse_row(table, line, fields, error);
    if (table_end_row(table, line, error))
        return -1;
    return table->lines == 1 ? table_check_header(table, error) : 0;
}

/* Fields are written over the text, as in table_csv.c. */
static int read_tsv(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    size_t line = 0;

    if (member)
        return error_set(error, ERROR_INPUT, "%s: is not JSON, so it has no \"%.80s\" to read", table->path, member);
    table->text = *bytes;
    table->room = size + 1;
    *bytes = NULL;
    for (size_t start = table_skip_mark(table->text, size); start < size;) {
        char *row = table->text + start;
        size_t length = table_line_length(row, size - start), kept = length;
        line++;
        if (table_check_line(table->path, line, row, length, error))
            return -1;
        while (kept && (row[kept - 1] == '\n' || row[kept - 1] == '\r'))
            kept--;
        if (kept && read_row(table, row, kept, line, error))
            return -1;
        start += length;
    }
    return table_number_columns(table, error);
}

/* A tab in the first line. */
static bool recognise(const char *bytes, size_t size)
{
    return memchr(bytes, '\t', table_line_length(bytes, size)) != NULL;
}

const struct table_reader table_tsv = {
    .name = "TSV",
    .help = "fields between tabs; the first row names the columns",
    .extensions = "tsv tab",
    .recognise = recognise,
    .read = read_tsv,
};
