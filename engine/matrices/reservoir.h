/* The k largest of a stream of values, for many lists at once, exactly; ties go to the smaller item.  A list takes
 * every value that may be among its k largest until it is full, at twice k, and is then cut to k: an addition is nearly
 * always one store.  A value and its item form one integer whose order is the list's, so that additions may come in any
 * order. */
#ifndef HUBSCOPE_ENGINE_MATRICES_RESERVOIR_H
#define HUBSCOPE_ENGINE_MATRICES_RESERVOIR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reservoir {
    size_t k, room, lists; /* room: capacity of a list */
    uint64_t *key;         /* (lists, room) */
    uint32_t *filled;      /* (lists) */
    float *least;          /* (lists) values below it are rejected; -INFINITY at first */
};

static inline uint64_t reservoir_key(float value, uint32_t item)
{
    uint32_t bits;
    float clean = value + 0.0f; /* -0 is 0 */

    memcpy(&bits, &clean, sizeof bits);
    bits = bits >> 31 ? ~bits : bits | 0x80000000u; /* ordered as the floats are */
    return (uint64_t)bits << 32 | (uint32_t)~item;
}

static inline float reservoir_value(uint64_t key)
{
    uint32_t bits = (uint32_t)(key >> 32);
    float value;

    bits = bits >> 31 ? bits & 0x7fffffffu : ~bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

size_t reservoir_room(size_t k, size_t most); /* capacity of a list that receives at most `most` values */

/* At most `most` values are added to a list.  Returns -1 when out of memory. */
int reservoir_open(struct reservoir *reservoir, size_t lists, size_t k, size_t most);
void reservoir_close(struct reservoir *reservoir);
void reservoir_clear(struct reservoir *reservoir); /* empties all lists */

void reservoir_cut(struct reservoir *reservoir, size_t list); /* keeps the k largest */

/* Values below `least` are ignored. */
static inline void reservoir_add(struct reservoir *reservoir, size_t list, float value, uint32_t item)
{
    uint64_t *key = reservoir->key + list * reservoir->room;

    key[reservoir->filled[list]++] = reservoir_key(value, item);
    if (reservoir->filled[list] == reservoir->room)
        reservoir_cut(reservoir, list);
}

/* Copies a list, largest first (a null `item`: values only); returns the count, k at most.  Nothing may be added to the
 * list after that. */
size_t reservoir_take(struct reservoir *reservoir, size_t list, float *value, uint32_t *item);

#endif
