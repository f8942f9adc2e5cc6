/* Checked allocation.  Everything here is released with free().  Null on overflow or when out of memory; the caller
 * turns that into error_memory(). */
#ifndef HUBSCOPE_ENGINE_BASE_MEMORY_H
#define HUBSCOPE_ENGINE_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Returns `count` zeroed elements of `size` bytes; a valid pointer even if count is 0. */
void *memory_array(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));

/* realloc with an overflow check; on failure the old block is untouched. */
void *memory_grow(void *block, size_t count, size_t size) __attribute__((alloc_size(2, 3)));

/* Returns `count` floats on a 64-byte boundary, not zeroed. */
float *memory_floats(size_t count) __attribute__((malloc));

char *memory_text(const char *text) __attribute__((malloc)); /* a copy; null gives null */

bool memory_is_left(size_t bytes); /* before calls of libraries that end badly without */

/* Whether a small allocation has failed since the last call: where such a failure only leaves something out, that it
 * may be missing must be said. */
bool memory_was_short(void);

/* For tests: the next `n` allocations succeed and all later ones fail; a negative `n` removes the limit. */
void memory_fail_after(long n);

#endif
