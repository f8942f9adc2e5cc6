/* Objects of a JSON text as the rows of a table.  They are read one at a time, so that a file of any size needs little
 * more memory than its text. */
#ifndef HUBSCOPE_ENGINE_FORMATS_JSON_ROWS_H
#define HUBSCOPE_ENGINE_FORMATS_JSON_ROWS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct table;
struct json_cursor;

/* Reads objects, separated by commas if `commas`, up to `close` (']', which is consumed) or, if that is 0, to the
 * end. */
int json_rows(struct table *table, struct json_cursor *cursor, bool commas, char close, struct error *error);

/* Reads the members of an object, which are objects, up to its '}': `named` is the first column, of their names. */
int json_named_rows(struct table *table, struct json_cursor *cursor, const char *named, struct error *error);

#endif
