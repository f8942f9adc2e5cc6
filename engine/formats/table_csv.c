#include "engine/formats/table.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_make.h"
#include "engine/formats/table_reader.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* The state of reading one file, passed to the parser's callbacks. */
struct reader {
    struct table *table;
    size_t in_row;  /* fields of the current row so far */
    size_t line;    /* line being fed, from 1 */
    size_t started; /* line on which the current row began */
    bool failed;
    struct error *error;
};

static void fail_input(struct reader *reader, size_t line, const char *what)
{
    if (!reader->failed)
        error_set(reader->error, ERROR_INPUT, "%s:%zu: %s", reader->table->path, line, what);
    reader->failed = true;
}

static void fail_memory(struct reader *reader)
{
    if (!reader->failed)
        error_memory(reader->error);
    reader->failed = true;
}

/* Fields are written over the text being parsed: a field and its final NUL never need more room than the field and its
 * delimiter took in the file, so writing stays behind reading. */
static void on_field(void *bytes, size_t size, void *data)
{
    struct reader *reader = data;

    if (reader->failed)
        return;
    if (reader->in_row == TABLE_COLUMNS_MAX) {
        fail_input(reader, reader->started, "has more than 1024 fields");
        return;
    }
    reader->failed = table_put(reader->table, bytes, size, reader->error) != 0;
    reader->in_row++;
}

static void on_row(int terminator, void *data)
{
    struct reader *reader = data;
    struct table *table = reader->table;

    (void)terminator;
    if (reader->failed)
        return;
    if (table_end_row(table, reader->started, reader->error) ||
        (table->lines == 1 && table_check_header(table, reader->error))) {
        reader->failed = true;
    } else if (reader->in_row != table->columns) {
        table_refuse_row(table, reader->started, reader->in_row, reader->error);
        reader->failed = true;
    }
    reader->in_row = 0;
    reader->started = 0;
}

static void explain(struct reader *reader, int status)
{
    if (status == CSV_EPARSE)
        fail_input(reader, reader->line,
                   "a quote in the wrong place; put the whole field in quotes and double every quote in "
                   "it");
    else
        fail_memory(reader);
}

static int keep_spaces(unsigned char c)
{
    (void)c;
    return 0;
}

/* Bytes of a first line "sep=;", which Excel reads, and its separator. */
static size_t skip_separator(const char *text, size_t size, char *separator)
{
    size_t length = table_line_length(text, size);

    if (length < 5 || memcmp(text, "sep=", 4) != 0 || !strchr(",;\t|", text[4]) ||
        (length > 5 && text[5] != '\r' && text[5] != '\n'))
        return 0;
    *separator = text[4];
    return length;
}

/* Feeds the file line by line, so that the callbacks know where they are. */
static void parse(struct reader *reader, const char *text, size_t size)
{
    struct csv_parser parser;
    size_t start = table_skip_mark(text, size);
    char separator = table_separator(text + start, size - start);
    size_t skipped = skip_separator(text + start, size - start, &separator);

    start += skipped;
    reader->line += skipped > 0;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) {
        fail_memory(reader);
        return;
    }
    csv_set_delim(&parser, (unsigned char)separator);
    csv_set_space_func(&parser, keep_spaces);
    csv_set_blk_size(&parser, 4096);
    while (start < size && !reader->failed) {
        size_t length = table_line_length(text + start, size - start);
        reader->line++;
        if (!reader->started)
            reader->started = reader->line;
        if (table_check_line(reader->table->path, reader->line, text + start, length, reader->error))
            reader->failed = true;
        else if (csv_parse(&parser, text + start, length, on_field, on_row, reader) != length)
            explain(reader, csv_error(&parser));
        start += length;
        if (!reader->in_row && !parser.entry_pos && !parser.quoted)
            reader->started = 0;
    }
    if (!reader->failed && csv_fini(&parser, on_field, on_row, reader)) {
        if (csv_error(&parser) == CSV_EPARSE)
            fail_input(reader, reader->started, "a quoted field begins in this row and is never closed");
        else
            fail_memory(reader);
    }
    csv_free(&parser);
}

static bool recognise(const char *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return true;
}

static int read_csv(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    struct reader reader = {.table = table, .error = error};

    if (member)
        return error_set(error, ERROR_INPUT, "%s: is not JSON, so it has no \"%.80s\" to read", table->path, member);
    table->text = *bytes;
    table->room = size + 1;
    *bytes = NULL;
    parse(&reader, table->text, size);
    return reader.failed ? -1 : table_number_columns(table, error);
}

const struct table_reader table_csv = {
    .name = "CSV",
    .help = "fields as RFC 4180 quotes them, between commas or semicolons; the first row names the columns",
    .extensions = "csv",
    .recognise = recognise,
    .read = read_csv,
};
