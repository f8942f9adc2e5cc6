#include "engine/formats/csv.h"

#include "engine/formats/file.h"
#include "engine/memory.h"
#include "engine/text.h"
#include <csv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const size_t BYTES_MAX = (size_t)1 << 30;
enum { COLUMNS_MAX = 1024 };

struct csv {
    char *text;                 /* every field with a final zero, one after another */
    uint32_t *field;            /* (1 + rows, columns) offsets into text, the header first */
    uint32_t *line;             /* (1 + rows) */
    size_t fields, field_space; /* used and allocated */
    size_t rows, row_space;     /* header included */
    size_t columns;
};

/* The state of reading one file; the parser's callbacks get it. */
struct reader {
    struct csv *csv;
    const char *path;
    size_t used;    /* bytes of text filled */
    size_t in_row;  /* fields of the current row so far */
    size_t line;    /* line being fed, from 1 */
    size_t started; /* line where the current row began */
    bool failed;
    struct error *error;
};

static void fail(struct reader *reader, size_t line, const char *what)
{
    if (!reader->failed)
        error_set(reader->error, ERROR_INPUT, "%s:%zu: %s", reader->path, line, what);
    reader->failed = true;
}

static void fail_memory(struct reader *reader)
{
    if (!reader->failed)
        error_memory(reader->error);
    reader->failed = true;
}

/* Doubles *array, of *space elements, when `used` fills it. */
static bool reserve(uint32_t **array, size_t used, size_t *space)
{
    if (used < *space)
        return true;
    size_t larger = *space ? 2 * *space : 256;
    uint32_t *grown = memory_grow(*array, larger, sizeof **array);
    if (!grown)
        return false;
    *array = grown;
    *space = larger;
    return true;
}

/* Fields are written over the text that is being parsed: a field and its final zero never need more
 * room than the field and its delimiter took in the file, so writing stays behind reading. */
static void on_field(void *bytes, size_t size, void *data)
{
    struct reader *reader = data;
    struct csv *csv = reader->csv;

    if (reader->failed)
        return;
    if (reader->in_row == COLUMNS_MAX) {
        fail(reader, reader->started, "has more than 1024 fields");
        return;
    }
    if (!reserve(&csv->field, csv->fields, &csv->field_space)) {
        fail_memory(reader);
        return;
    }
    csv->field[csv->fields++] = (uint32_t)reader->used;
    memcpy(csv->text + reader->used, bytes, size);
    csv->text[reader->used + size] = 0;
    reader->used += size + 1;
    reader->in_row++;
}

static const char *at(const struct csv *csv, size_t row, size_t column)
{
    return csv->text + csv->field[row * csv->columns + column];
}

static void check_header(struct reader *reader)
{
    const struct csv *csv = reader->csv;

    for (size_t i = 0; i < csv->columns; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(at(csv, 0, i), at(csv, 0, j)) == 0) {
                if (!reader->failed)
                    error_set(reader->error, ERROR_INPUT, "%s:%zu: two columns are named '%.64s'",
                              reader->path, reader->started, at(csv, 0, i));
                reader->failed = true;
                return;
            }
}

static void on_row(int terminator, void *data)
{
    struct reader *reader = data;
    struct csv *csv = reader->csv;

    (void)terminator;
    if (reader->failed)
        return;
    if (!reserve(&csv->line, csv->rows, &csv->row_space)) {
        fail_memory(reader);
        return;
    }
    csv->line[csv->rows++] = (uint32_t)reader->started;
    if (csv->rows == 1) {
        csv->columns = reader->in_row;
        check_header(reader);
    } else if (reader->in_row != csv->columns) {
        error_set(reader->error, ERROR_INPUT, "%s:%zu: has %zu field%s where the header has %zu",
                  reader->path, reader->started, reader->in_row, reader->in_row == 1 ? "" : "s",
                  csv->columns);
        reader->failed = true;
    }
    reader->in_row = 0;
    reader->started = 0;
}

/* The bytes up to and with the next line end: LF, CR LF or CR alone. */
static size_t line_length(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n')))
            return i + 1;
    return size;
}

static void explain(struct reader *reader, int status)
{
    if (status == CSV_EPARSE)
        fail(reader, reader->line,
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

/* Feeds the file line by line, so that the callbacks know where they are. */
static void parse(struct reader *reader, size_t size)
{
    struct csv_parser parser;
    const char *text = reader->csv->text;
    size_t start = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) {
        fail_memory(reader);
        return;
    }
    csv_set_space_func(&parser, keep_spaces);
    csv_set_blk_size(&parser, 4096);
    while (start < size && !reader->failed) {
        size_t length = line_length(text + start, size - start);
        reader->line++;
        if (!reader->started)
            reader->started = reader->line;
        if (memchr(text + start, 0, length))
            fail(reader, reader->line, "holds a zero byte; it is no text file");
        else if (!text_is_utf8(text + start, length))
            fail(reader, reader->line, "is not UTF-8; save the file as UTF-8");
        else if (csv_parse(&parser, text + start, length, on_field, on_row, reader) != length)
            explain(reader, csv_error(&parser));
        start += length;
        if (!reader->in_row && !parser.entry_pos && !parser.quoted)
            reader->started = 0;
    }
    if (!reader->failed && csv_fini(&parser, on_field, on_row, reader)) {
        if (csv_error(&parser) == CSV_EPARSE)
            fail(reader, reader->started, "a quoted field begins in this row and is never closed");
        else
            fail_memory(reader);
    }
    csv_free(&parser);
}

struct csv *csv_open(const char *path, struct error *error)
{
    size_t size;
    struct csv *csv = memory_array(1, sizeof *csv);

    if (!csv) {
        error_memory(error);
        return NULL;
    }
    csv->text = file_read(path, BYTES_MAX, &size, error);
    if (!csv->text)
        goto fail;
    struct reader reader = {.csv = csv, .path = path, .error = error};
    parse(&reader, size);
    if (reader.failed)
        goto fail;
    if (!csv->rows) {
        error_set(error, ERROR_INPUT, "%s: is empty; its first row must name the columns", path);
        goto fail;
    }
    return csv;
fail:
    csv_close(csv);
    return NULL;
}

void csv_close(struct csv *csv)
{
    if (!csv)
        return;
    free(csv->text);
    free(csv->field);
    free(csv->line);
    free(csv);
}

size_t csv_rows(const struct csv *csv)
{
    return csv->rows - 1;
}

size_t csv_columns(const struct csv *csv)
{
    return csv->columns;
}

const char *csv_name(const struct csv *csv, size_t column)
{
    return at(csv, 0, column);
}

size_t csv_column(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (strcmp(csv_name(csv, i), name) == 0)
            return i;
    return SIZE_MAX;
}

const char *csv_field(const struct csv *csv, size_t row, size_t column)
{
    return at(csv, row + 1, column);
}

size_t csv_line(const struct csv *csv, size_t row)
{
    return csv->line[row + 1];
}
