/* JSON as Python and pandas write it: with NaN, Infinity, numbers of any size, and \u0000 and lone surrogates in
 * texts. */
#ifndef HUBSCOPE_ENGINE_FORMATS_JSON_LENIENT_H
#define HUBSCOPE_ENGINE_FORMATS_JSON_LENIENT_H

#include <stdbool.h>

struct json_cursor;

/* Skips one such value, validating it; returns false if it is anything else. */
bool json_lenient(struct json_cursor *cursor);

#endif
