/* Scores that keep the order of exact values, for rules whose scores need more digits than a float has. */
#ifndef HUBSCOPE_ENGINE_FITTING_PLACES_H
#define HUBSCOPE_ENGINE_FITTING_PLACES_H

#include <stddef.h>

/* Sets score[j] (M) to 0 for the items with the largest value, -1 for those with the next, and so on; equal values get
 * equal scores.  Values must be finite.  -1 when out of memory. */
int places_of(const double *value, size_t m, float *score);

#endif
