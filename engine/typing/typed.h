/* A query as someone types it: what its symbols mean, its vector, which words count, and what may have been meant. */
#ifndef HUBSCOPE_ENGINE_TYPING_TYPED_H
#define HUBSCOPE_ENGINE_TYPING_TYPED_H

#include "engine/encoders/encoder.h"

struct lexicon;

enum { TYPED_SUGGESTION = 512, TYPED_NAMES = 160 };

struct typed {
    struct encoding encoding;          /* of the text as it was typed; a symbol is one word */
    char suggestion[TYPED_SUGGESTION]; /* the text without its misspellings; "": none is known */
    char names[TYPED_NAMES];           /* "<symbol> as frog, ...": how symbols were read; "" without any */
};

/* Encodes into vector (dimension of the encoder) and fills *typed; returns as encoder_encode does.  If `unfinished`, a
 * last word may be the beginning of known ones: encoder_encode_typed. */
int typed_encode(struct lexicon *lexicon, struct encoder *encoder, const char *text, bool unfinished, float *vector,
                 struct typed *typed, struct job *job, struct error *error);

#endif
