/* A table of text fields with named columns, read whole from a file of one of these kinds (table_readers.def)
 *
 *   CSV         RFC 4180 (quotes, commas and newlines in quotes, LF or CRLF), a header first
 *   TSV         a header first; a field entirely in double quotes loses them, no other quoting
 *   JSON        an array of objects, or an object with such an array, chosen as FILE:MEMBER if it has several
 *   JSON lines  objects one after another
 *   text        a caption a line, in a single column "caption"; unless the first line names columns or the
 *               content is of another kind
 *
 * chosen by the file's extension (.csv, .tsv, .tab, .json, .jsonl, .ndjson, .txt), else by its content.  In JSON the
 * columns are the objects' keys, in order of first appearance; a missing key, and null, is an empty field; numbers and
 * booleans become their text (the shortest that parses back to the same), arrays and objects their JSON text.
 *
 * All is UTF-8, with or without a byte-order mark.  Files are hostile: limits are 1 GiB, 1024 columns and, in JSON,
 * 1 MiB a row. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 1024, TABLE_BYTES_MAX = 1 << 30 };

struct table;

/* Opens a table; `spec` is FILE, or FILE:MEMBER.  Errors name the file, the line and what is wrong. */
struct table *table_open(const char *spec, struct error *error);

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

size_t table_line(const struct table *table, size_t row); /* on which the row begins, from 1 */

/* The place of a row, for errors: "FILE:LINE", or for JSON "FILE:LINE (row N)", N from 1. */
enum { TABLE_PLACE = 320 };
const char *table_place(const struct table *table, size_t row, char buffer[TABLE_PLACE]);
/* The same within its file: "line 3", "row 3". */
const char *table_where(const struct table *table, size_t row, char buffer[TABLE_PLACE]);

/* "key, title, tags": the names of the columns, truncated to fit. */
void table_names(const struct table *table, char *buffer, size_t size);

#endif
