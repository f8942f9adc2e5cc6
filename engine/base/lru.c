#include "engine/base/lru.h"

#include "engine/base/memory.h"

#include <stdlib.h>
#include <string.h>

struct lru {
    char *slot; /* (slots, size) */
    size_t slots, size;
    unsigned long *used; /* (slots) time of the last use; 0: empty */
    unsigned long clock;
    void (*close)(void *slot);
};

struct lru *lru_new(size_t slots, size_t size, void (*close)(void *slot))
{
    struct lru *lru = memory_array(1, sizeof *lru);

    if (!lru)
        return NULL;
    *lru = (struct lru){.slots = slots, .size = size, .close = close};
    lru->slot = memory_array(slots, size);
    lru->used = memory_array(slots, sizeof *lru->used);
    if (lru->slot && lru->used)
        return lru;
    lru_free(lru);
    return NULL;
}

static void empty(struct lru *lru, size_t i)
{
    void *slot = lru->slot + i * lru->size;

    if (lru->used[i] && lru->close)
        lru->close(slot);
    memset(slot, 0, lru->size);
    lru->used[i] = 0;
}

void lru_free(struct lru *lru)
{
    if (!lru)
        return;
    for (size_t i = 0; i < lru->slots && lru->slot && lru->used; i++)
        empty(lru, i);
    free(lru->slot);
    free(lru->used);
    free(lru);
}

static void *use(struct lru *lru, size_t i)
{
    lru->used[i] = ++lru->clock;
    return lru->slot + i * lru->size;
}

void *lru_find(struct lru *lru, bool (*matches)(const void *slot, const void *key), const void *key)
{
    size_t last = lru->slots;

    for (size_t i = 0; i < lru->slots; i++)
        if (lru->used[i] && (last == lru->slots || lru->used[i] > lru->used[last]) &&
            matches(lru->slot + i * lru->size, key))
            last = i;
    return last < lru->slots ? use(lru, last) : NULL;
}

void *lru_take(struct lru *lru)
{
    size_t oldest = 0;

    for (size_t i = 1; i < lru->slots; i++)
        if (lru->used[i] < lru->used[oldest])
            oldest = i;
    empty(lru, oldest);
    return use(lru, oldest);
}

void lru_drop(struct lru *lru, void *slot)
{
    empty(lru, (size_t)((char *)slot - lru->slot) / lru->size);
}
