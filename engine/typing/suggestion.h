/* "Did you mean ...?" for a text with words that its encoder does not know. */
#ifndef HUBSCOPE_ENGINE_TYPING_SUGGESTION_H
#define HUBSCOPE_ENGINE_TYPING_SUGGESTION_H

#include "engine/encoders/encoder.h"

struct lexicon;

/* Writes the text with its unknown words replaced by the closest words of titles, tags and encoder, or the title that
 * the whole text comes as close to; words that were guessed are replaced only by what is one edit away.  False, and "",
 * if nothing comes close, or an unknown word would remain. */
bool suggestion_make(struct lexicon *lexicon, const struct encoder *encoder, const char *text,
                     const struct encoding *encoding, char *buffer, size_t size);

#endif
