/* What an encoder reports: what became of a text, and how good its vectors are. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ENCODING_H
#define HUBSCOPE_ENGINE_ENCODERS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

enum { ENCODING_WORDS = 128 };

struct encoding_word {
    size_t start, length; /* bytes of the text */
    bool known;
    bool guessed; /* not known, but parts of it are, and these were used */
};

struct encoding { /* what became of the text */
    struct encoding_word word[ENCODING_WORDS];
    size_t words, known, guessed; /* of those listed; later words are encoded but not listed */
    bool cut; /* too long: words that are not known are those at the end, which were left out */
};

/* How near the vectors of a fitted encoder come to the true ones, for evaluation captions that it
 * had not learnt from; NAN where that could not be measured. */
struct encoder_quality {
    double cosine;                 /* mean, to the true vectors */
    double recall, recall_of_true; /* R@10 with its vectors and with the true ones, 0 to 1 */
    double overlap;                /* share of the true top 10 that is in its top 10 */
    size_t captions;               /* that this was measured on */
};

#endif
