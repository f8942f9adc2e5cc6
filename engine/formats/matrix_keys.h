/* Which of a container's arrays is which row of a matrix, by key. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_KEYS_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_KEYS_H

#include "engine/base/error.h"
#include <stddef.h>

struct matrix_keys;

/* Sets row[i] for each of `count` names: the wanted key's number, or SIZE_MAX.  Keys match whole, else without the
 * ending of a file's name on either side.  Fails if a key has no name, or more than one. */
int matrix_keys_match(struct matrix_keys *keys, const char *const *name, size_t count, const char *label, size_t *row,
                      struct error *error);

#endif
