/* Lines of text files, for the readers of tables. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TABLE_LINE_H
#define HUBSCOPE_ENGINE_FORMATS_TABLE_LINE_H

#include "engine/base/error.h"
#include <stddef.h>

/* Bytes up to and including the next line end: LF, CR LF or CR alone. */
size_t table_line_length(const char *bytes, size_t size);

/* Refuses a line that is not text: NUL bytes, malformed UTF-8. */
int table_check_line(const char *path, size_t line, const char *bytes, size_t size, struct error *error);

/* The separator of a row of CSV or TSV, judged by this line: the one of comma, semicolon and tab that it has most of,
 * outside quotes. */
char table_separator(const char *bytes, size_t size);

size_t table_skip_mark(const char *bytes, size_t size); /* bytes of the byte-order mark, if any */

#endif
