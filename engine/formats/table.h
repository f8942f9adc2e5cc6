/* A table of text fields with named columns, read whole from a file of one of these kinds (table_readers.def)
 *
 *   CSV         RFC 4180 (quotes, commas and newlines in quotes, LF or CRLF), a header first; the separator may be
 *               a semicolon, if the first line has more of them than commas, or what a first line "sep=;" says
 *   TSV         a header first; a field entirely in double quotes loses them, no other quoting
 *   JSON        an array of objects, or an object with such an array, chosen as FILE:MEMBER if it has several
 *   JSON lines  objects one after another
 *   text        a caption a line, in a single column "caption"; unless the first line names columns or the
 *               content is of another kind
 *
 * chosen by the file's extension (.csv, .tsv, .tab, .json, .jsonl, .ndjson, .txt), else by its content; a .csv whose
 * first line has more tabs than commas is TSV.  In JSON the columns are the objects' keys, in order of first
 * appearance; a missing key, null, and what JSON or a text cannot hold (NaN, Infinity, integers beyond 64 bits,
 * \u0000) is an empty field; numbers and booleans become their text (the shortest that parses back to the same),
 * arrays and objects their JSON text; table_kind distinguishes them.
 *
 * All is UTF-8, with or without a byte-order mark, or UTF-16 with one.  Files are hostile: limits are 1 GiB, 1024
 * columns and, in JSON, 1 MiB a row. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 1024, TABLE_BYTES_MAX = 1 << 30 };

struct table;

/* Opens a table; `spec` is FILE, or FILE:MEMBER, or several files: see shards.h.  Errors name the file, the line and
 * what is wrong. */
struct table *table_open(const char *spec, struct error *error);

/* The same for a CSV or TSV file without a header: the columns are named "1", "2", ... */
struct table *table_open_headless(const char *spec, struct error *error);

/* The same with a given reader; `member` may be null. */
struct table_reader;
struct table *table_open_as(const struct table_reader *reader, const char *path, const char *member,
                            struct error *error);

void table_close(struct table *table); /* null is fine */

size_t table_rows(const struct table *table); /* without the header */
size_t table_columns(const struct table *table);
const char *table_name(const struct table *table, size_t column);
size_t table_column(const struct table *table, const char *name); /* SIZE_MAX if it does not exist */

/* Borrowed; "" where `column` is SIZE_MAX. */
const char *table_field(const struct table *table, size_t row, size_t column);

/* What a cell of a JSON file is; in other files all are texts. */
enum table_kind {
    TABLE_TEXT,
    TABLE_NUMBER, /* or true, false */
    TABLE_NULL,
    TABLE_LIST,
    TABLE_OBJECT,
    TABLE_ODD, /* holds what JSON or a text cannot: NaN, a huge integer, \u0000 */
    TABLE_ABSENT
};
enum table_kind table_kind(const struct table *table, size_t row, size_t column);

/* Whether the file has no lines of cells but JSON values, so that columns have names alone. */
bool table_is_json(const struct table *table);
bool table_is_headless(const struct table *table); /* its columns are named by number */

size_t table_line(const struct table *table, size_t row); /* on which the row begins, from 1 */

/* Of a table in several files: how many there are (else 0), and the one of a row. */
size_t table_pieces(const struct table *table);
size_t table_piece(const struct table *table, size_t row);
const char *table_piece_path(const struct table *table, size_t piece);

/* The place of a row, for errors: "FILE:LINE", or for JSON "FILE:LINE (row N)", N from 1. */
enum { TABLE_PLACE = 320 };
const char *table_place(const struct table *table, size_t row, char buffer[TABLE_PLACE]);
/* The same within its file: "line 3", "row 3". */
const char *table_where(const struct table *table, size_t row, char buffer[TABLE_PLACE]);

/* "key, title, tags": the names of the columns, truncated to fit. */
void table_names(const struct table *table, char *buffer, size_t size);

#endif
