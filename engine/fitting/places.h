/* The order of exact values as scores: for rules whose scores need more digits than a float has. */
#ifndef HUBSCOPE_ENGINE_FITTING_PLACES_H
#define HUBSCOPE_ENGINE_FITTING_PLACES_H

#include <stddef.h>

/* score[j] (M) = 0 for the items of the largest value, -1 for those of the next one, and so on; equal values have equal
 * scores.  Values are finite.  -1 when out of memory. */
int places_of(const double *value, size_t m, float *score);

#endif
