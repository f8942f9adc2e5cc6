/* Text encoders: a line of text to a vector in the collection's space.  An encoder is one file in
 * engine/encoders/ and one entry of the table in engine/encoders/table.c, chosen by "type" in the
 * folder's config.json. */
#ifndef HUBSCOPE_ENGINE_ENCODER_H
#define HUBSCOPE_ENGINE_ENCODER_H

#include "engine/error.h"
#include <stdbool.h>
#include <stddef.h>

struct encoder;

enum { ENCODING_WORDS = 128 };

struct encoding_word {
    size_t start, length; /* bytes of the text */
    bool known;
};

struct encoding { /* what became of the text */
    struct encoding_word word[ENCODING_WORDS];
    size_t words, known; /* of those listed; later words are encoded but not listed */
};

struct encoder *encoder_open(const char *dir, struct error *error);
void encoder_close(struct encoder *encoder); /* null is fine */

size_t encoder_dimension(const struct encoder *encoder);
const char *encoder_type(const struct encoder *encoder); /* "static" */

/* Encodes into vector (dimension), L2-normalised.  Returns 0; 1 when no word is known (vector
 * zeroed); -1 on failure. Safe to call from several threads. */
int encoder_encode(struct encoder *encoder, const char *text, float *vector,
                   struct encoding *encoding, struct error *error);

#endif
