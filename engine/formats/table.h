/* A table of text fields with named columns, read whole from a file of one of these kinds (table_readers.def)
 *
 *   CSV         RFC 4180 (quotes, commas and newlines in quotes, LF or CRLF), a header first
 *   TSV         a header first; a field wholly in double quotes loses them, no other quoting
 *   JSON        an array of objects, or an object with such an array, chosen as FILE:MEMBER where
 *               it has several
 *   JSON lines  objects one after another
 *   text        a caption a line: the one column "caption"; not where the first line names
 *               columns or its bytes tell another kind
 *
 * by the file's extension (.csv, .tsv, .tab, .json, .jsonl, .ndjson, .txt), else by its content.  Of
 * objects the columns are their keys, in order of first appearance; what an object lacks, and null,
 * is an empty field; numbers and booleans are their text (the shortest that reads back the same),
 * arrays and objects their JSON text.
 *
 * All is UTF-8, with or without byte-order mark.  Files are hostile: limits are 1 GiB, 1024 columns
 * and, of JSON, 1 MiB a row. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 1024, TABLE_BYTES_MAX = 1 << 30 };

struct table;

/* `spec` is a file's name, or FILE:MEMBER.  Errors name file, line and what is wrong. */
struct table *table_open(const char *spec, struct error *error);

/* The same by that reader, of a file and perhaps its member (or null). */
struct table_reader;
struct table *table_open_as(const struct table_reader *reader, const char *path, const char *member,
                            struct error *error);

void table_close(struct table *table); /* null is fine */

size_t table_rows(const struct table *table); /* without the header */
size_t table_columns(const struct table *table);
const char *table_name(const struct table *table, size_t column);
size_t table_column(const struct table *table, const char *name); /* SIZE_MAX if there is none */

/* Borrowed; "" where `column` is SIZE_MAX. */
const char *table_field(const struct table *table, size_t row, size_t column);

size_t table_line(const struct table *table, size_t row); /* where the row begins, from 1 */

/* Where a row stands, for errors: "FILE:LINE", of JSON "FILE:LINE (row N)", N from 1. */
enum { TABLE_PLACE = 320 };
const char *table_place(const struct table *table, size_t row, char buffer[TABLE_PLACE]);
/* The same within its file: "line 3", "row 3". */
const char *table_where(const struct table *table, size_t row, char buffer[TABLE_PLACE]);

/* "key, title, tags": the names of the columns, cut to fit. */
void table_names(const struct table *table, char *buffer, size_t size);

#endif
