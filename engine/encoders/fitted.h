/* What the reader and the maker of fitted encoders must agree on. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_FITTED_H
#define HUBSCOPE_ENGINE_ENCODERS_FITTED_H

#include <stdbool.h>
#include <stddef.h>

enum {
    FITTED_VERSION = 1,
    FITTED_TABLE_MOST = 1 << 22 /* rows of n-grams */
};

/* Whether an out-of-vocabulary word counts: if at least a quarter of its n-grams are known.  A typo spoils most n-grams
 * of a short word; in random letters fewer are known. */
static inline bool fitted_guesses(size_t seen, size_t grams)
{
    return grams > 0 && 4 * seen >= grams;
}

#endif
