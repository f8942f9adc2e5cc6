/* What the reader of fitted encoders and the one who makes them must agree on. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_FITTED_H
#define HUBSCOPE_ENGINE_ENCODERS_FITTED_H

#include <stdbool.h>
#include <stddef.h>

enum {
    FITTED_VERSION = 1,
    FITTED_TABLE_MOST = 1 << 22 /* rows of n-grams */
};

/* Whether a word that is not in the vocabulary counts: when at least a quarter of its n-grams are
 * known.  A wrong letter spoils most of a short word's; of letters thrown together fewer are known. */
static inline bool fitted_guesses(size_t seen, size_t grams)
{
    return grams > 0 && 4 * seen >= grams;
}

#endif
