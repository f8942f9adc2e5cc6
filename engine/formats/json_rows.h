/* Objects of a JSON text as the rows of a table.  They are read one at a time, so that a file of
 * any size costs little more than its text. */
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

/* The next byte that is not a blank, without taking it; 0 at the end. */
char json_peek(struct json_cursor *cursor);

/* Takes a value without looking into it closely; false where the text ends before it does. */
bool json_skip(struct json_cursor *cursor);

/* Reads objects, with commas between them when `commas`, up to `close` (']', which is taken) or, if
 * that is 0, to the end. */
int json_rows(struct table *table, struct json_cursor *cursor, bool commas, char close,
              struct error *error);

#endif
