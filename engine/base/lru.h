/* A fixed number of slots, of which the one used least recently gives way to what is new.  Slots are the caller's
 * structs; a pointer to one is valid until it is dropped or taken again.  For one thread at a time. */
#ifndef HUBSCOPE_ENGINE_BASE_LRU_H
#define HUBSCOPE_ENGINE_BASE_LRU_H

#include <stdbool.h>
#include <stddef.h>

struct lru;

/* `close` frees what a slot owns; null if that is nothing.  Returns null when out of memory. */
struct lru *lru_new(size_t slots, size_t size, void (*close)(void *slot));
void lru_free(struct lru *lru); /* closes all slots; null is fine */

/* The slot that matches, of several the one used last, which now counts as used; null if none does. */
void *lru_find(struct lru *lru, bool (*matches)(const void *slot, const void *key), const void *key);

/* A zeroed slot, which counts as used: an empty one while there is one, else the least recently used, closed. */
void *lru_take(struct lru *lru);

void lru_drop(struct lru *lru, void *slot); /* closes and empties it */

#endif
