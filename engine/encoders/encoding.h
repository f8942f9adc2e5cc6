/* What an encoder reports: how it handled a text, and how good its vectors are. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_ENCODING_H
#define HUBSCOPE_ENGINE_ENCODERS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

enum { ENCODING_WORDS = 128 };

struct encoding_word {
    size_t start, length; /* bytes of the text */
    bool known;
    bool guessed; /* unknown, but some of its n-grams are known, and were used */
    bool begun;   /* unknown, but known words begin so, and were used: encoder_encode_typed */
};

struct encoding { /* how a text was handled */
    struct encoding_word word[ENCODING_WORDS];
    size_t words, known, guessed; /* among those listed; later words are encoded but not listed */
    size_t completions;           /* of the word begun; 0: none is */
    bool cut;                     /* too long: the unknown words are those dropped at the end */
};

/* How close the vectors of a fitted encoder come to the true ones, for evaluation captions that it was not trained on;
 * NAN if that could not be measured. */
struct encoder_quality {
    double cosine;                 /* mean cosine to the true vectors */
    double recall, recall_of_true; /* R@10 with its vectors and with the true ones, 0 to 1 */
    double overlap;                /* share of the true top 10 that is in its top 10 */
    size_t captions;               /* number of captions measured */
};

#endif
