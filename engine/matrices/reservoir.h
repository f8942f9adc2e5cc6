/* The k largest of a stream of values for many lists at once, exactly; ties go to the smaller item.
 *
 * A list takes every value that may be among its k largest until it is full, at twice k, and is
 * then cut to k: an addition is one store nearly always.  A value and its item are one whole number
 * whose order is the list's, so that additions may come in any order. */
#ifndef HUBSCOPE_ENGINE_MATRICES_RESERVOIR_H
#define HUBSCOPE_ENGINE_MATRICES_RESERVOIR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reservoir {
    size_t k, room, lists; /* room: places of a list */
    uint64_t *key;         /* (lists, room) */
    uint32_t *filled;      /* (lists) */
    float *least;          /* (lists) values below it are out; -INFINITY at first */
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

size_t reservoir_room(size_t k, size_t most); /* places of a list of which `most` values come at most */

/* `most` values come to a list at most. -1 when out of memory. */
int reservoir_open(struct reservoir *reservoir, size_t lists, size_t k, size_t most);
void reservoir_close(struct reservoir *reservoir);
void reservoir_clear(struct reservoir *reservoir); /* all lists begin again */

void reservoir_cut(struct reservoir *reservoir, size_t list); /* to the k largest */

/* `value` may be below `least`, in vain. */
static inline void reservoir_add(struct reservoir *reservoir, size_t list, float value,
                                 uint32_t item)
{
    uint64_t *key = reservoir->key + list * reservoir->room;

    key[reservoir->filled[list]++] = reservoir_key(value, item);
    if (reservoir->filled[list] == reservoir->room)
        reservoir_cut(reservoir, list);
}

/* What a list holds, largest first (a null `item`: values only); returns how many, k at most.  The
 * list takes no more after it. */
size_t reservoir_take(struct reservoir *reservoir, size_t list, float *value, uint32_t *item);

#endif
