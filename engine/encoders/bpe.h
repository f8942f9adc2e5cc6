/* Byte-pair encoding as in CLIP's tokenizer: text to token numbers.  Text is cleaned (bpe_clean.h) and split into
 * words, single digits and runs of other signs; each piece is spelled in bytes, which are merged in the order of
 * merges.txt (Radford et al. 2021, section 2.3; Sennrich et al. 2016).  Two files: vocab.json, from token to number,
 * and merges.txt, one pair a line. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_BPE_H
#define HUBSCOPE_ENGINE_ENCODERS_BPE_H

#include "engine/base/error.h"
#include "engine/encoders/encoding.h"
#include <stdint.h>

struct bpe;

/* Reads both files from `dir`.  Every part of every merge, every single byte and both the begin and the end mark must
 * be in the vocabulary.  Null on failure. */
struct bpe *bpe_open(const char *dir, struct error *error);
void bpe_close(struct bpe *bpe); /* null is fine */

size_t bpe_size(const struct bpe *bpe); /* one more than the largest token number */
uint32_t bpe_end(const struct bpe *bpe);

/* Writes the tokens of a text, between the begin and the end mark, at most `most` (2 or more): what does not fit is
 * dropped before the end mark.  Fills `encoding` with the words of the original text; words that were dropped, even in
 * part, are marked unknown.  Returns the number of tokens, or SIZE_MAX when out of memory. */
size_t bpe_encode(const struct bpe *bpe, const char *text, uint32_t *token, size_t most, struct encoding *encoding);

#endif
