/* A place in a JSON text. */
#ifndef HUBSCOPE_ENGINE_FORMATS_JSON_CURSOR_H
#define HUBSCOPE_ENGINE_FORMATS_JSON_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

struct json_cursor {
    const char *at, *end;
    size_t line; /* from 1 */
};

/* Returns the next non-blank byte without consuming it; 0 at the end. */
char json_peek(struct json_cursor *cursor);

/* Skips a value without validating it; returns false if the text ends inside it. */
bool json_skip(struct json_cursor *cursor);

#endif
