/* The candidate closest to a mistyped word or phrase: fewest edits (a character more, less, other, or two swapped),
 * then the same first character, then the most common, then most pairs of characters shared, then the first. */
#ifndef HUBSCOPE_ENGINE_BASE_NEAREST_H
#define HUBSCOPE_ENGINE_BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEAREST_BYTES = 96 }; /* longer texts have no neighbours */

struct nearest {
    uint32_t word[NEAREST_BYTES]; /* code points */
    size_t length;
    uint64_t letters;         /* a bit for each code point, modulo 64 */
    char best[NEAREST_BYTES]; /* "" if none is close enough */
    size_t edits;             /* the fewest so far, or one more than is close enough */
    bool begins;              /* best has the same first character */
    size_t weight, pairs;     /* of best */
};

/* `bytes` are UTF-8.  Close enough is one edit, for longer words one in three characters and at most 3. */
struct nearest nearest_to(const char *bytes, size_t length);
void nearest_offer(struct nearest *nearest, const char *candidate);
/* The same for a candidate that occurs `weight` times. */
void nearest_offer_common(struct nearest *nearest, const char *candidate, size_t weight);

/* "; did you mean 'eval'?", or "" if nothing came close. */
const char *nearest_advice(const struct nearest *nearest, char buffer[NEAREST_BYTES + 24]);

#endif
