/* Pseudorandom numbers, the same on every machine: splitmix64 (Steele et al. 2014). */
#ifndef HUBSCOPE_ENGINE_BASE_RANDOM_H
#define HUBSCOPE_ENGINE_BASE_RANDOM_H

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

#endif
