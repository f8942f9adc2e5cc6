/* Objects of a JSON text as the rows of a table.  They are read one at a time, so that a file of any size needs little
 * more memory than its text. */
#ifndef HUBSCOPE_ENGINE_FORMATS_JSON_ROWS_H
#define HUBSCOPE_ENGINE_FORMATS_JSON_ROWS_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct table;

struct json_cursor {
    const char *at, *end;
    size_t line; /* from 1 */
};

/* Returns the next non-blank byte without consuming it; 0 at the end. */
char json_peek(struct json_cursor *cursor);

/* Skips a value without validating it; returns false if the text ends inside it. */
bool json_skip(struct json_cursor *cursor);

/* Reads objects, separated by commas if `commas`, up to `close` (']', which is consumed) or, if that is 0, to the
 * end. */
int json_rows(struct table *table, struct json_cursor *cursor, bool commas, char close, struct error *error);

#endif
