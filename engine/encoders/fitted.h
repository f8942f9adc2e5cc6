/* What the reader of fitted encoders and the one who makes them must agree on. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_FITTED_H
#define HUBSCOPE_ENGINE_ENCODERS_FITTED_H

#include <stdbool.h>
#include <stddef.h>

enum {
    FITTED_VERSION = 1,
    FITTED_TABLE_MOST = 1 << 22 /* rows of n-grams */
};

/* Whether a word that is not in the vocabulary counts: when at least half of its n-grams are known.
 * Of letters thrown together few are. */
static inline bool fitted_guesses(size_t seen, size_t grams)
{
    return grams > 0 && 2 * seen >= grams;
}

#endif
