/* CSV as RFC 4180 has it (quotes, commas and newlines in quotes, LF or CRLF, optional UTF-8
 * byte-order mark), with a header row.  Errors name file, line and what is wrong. */
#ifndef HUBSCOPE_ENGINE_FORMATS_CSV_H
#define HUBSCOPE_ENGINE_FORMATS_CSV_H

#include "engine/error.h"
#include <stddef.h>

struct csv; /* a file read whole: the header and all its rows */

/* Every row must have as many fields as the header, every field must be UTF-8. */
struct csv *csv_open(const char *path, struct error *error);
void csv_close(struct csv *csv);

size_t csv_rows(const struct csv *csv); /* without the header */
size_t csv_columns(const struct csv *csv);
const char *csv_name(const struct csv *csv, size_t column);
size_t csv_column(const struct csv *csv, const char *name); /* SIZE_MAX if there is none */
const char *csv_field(const struct csv *csv, size_t row,
                      size_t column); /* lives as long as the csv */
size_t csv_line(const struct csv *csv,
                size_t row); /* line of the file where the row begins, from 1 */

#endif
