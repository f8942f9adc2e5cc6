/* The candidate closest to a mistyped word: fewest edits (a letter more, less, other, or two swapped), then most
 * pairs of letters in common, then the first. */
#ifndef HUBSCOPE_ENGINE_BASE_NEAREST_H
#define HUBSCOPE_ENGINE_BASE_NEAREST_H

#include <stddef.h>

enum { NEAREST_BYTES = 48 }; /* longer words have no neighbours */

struct nearest {
    char word[NEAREST_BYTES], best[NEAREST_BYTES]; /* best: "" if none is close enough */
    size_t length, edits;                          /* edits: the fewest so far, or one more than is close enough */
    size_t pairs;
};

/* Close enough is one edit, for longer words one in three letters and at most 3. */
struct nearest nearest_to(const char *word, size_t length);
void nearest_offer(struct nearest *nearest, const char *candidate);

/* "; did you mean 'eval'?", or "" if nothing came close. */
const char *nearest_advice(const struct nearest *nearest, char buffer[NEAREST_BYTES + 24]);

#endif
