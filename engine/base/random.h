/* Pseudorandom numbers, the same on every machine: splitmix64 (Steele et al. 2014). */
#ifndef HUBSCOPE_ENGINE_BASE_RANDOM_H
#define HUBSCOPE_ENGINE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_state {
    uint64_t at;
};

/* Returns the generator for a seed; different `stream`s give independent generators for the same seed. */
static inline struct random_state random_start(uint64_t seed, uint64_t stream)
{
    return (struct random_state){seed * 0x9e3779b97f4a7c15u ^ (stream + 1) * 0xd1342543de82ef95u};
}

static inline uint64_t random_next(struct random_state *state)
{
    uint64_t x = state->at += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Uniform in [0, n), n from 1 to 2^32: the upper half of the state times n. */
static inline uint64_t random_below(struct random_state *state, uint64_t n)
{
    return (random_next(state) >> 32) * n >> 32;
}

/* Draws `size` of `rows` rows, ascending, all subsets equally likely: each row in turn, with probability rows still to
 * draw / rows left. */
static inline void random_rows(uint32_t *row, size_t rows, size_t size, uint64_t seed)
{
    struct random_state random = random_start(seed, 0);
    size_t taken = 0;

    for (size_t i = 0; taken < size; i++)
        if (random_below(&random, rows - i) < size - taken)
            row[taken++] = (uint32_t)i;
}

#endif
