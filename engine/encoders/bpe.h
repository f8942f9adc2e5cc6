/* Byte-pair encoding as CLIP's tokenizer does it: text to token numbers.
 *
 * Text is cleaned (character references undone, white space joined, NFC, lower case) and cut into
 * words, numbers digit by digit, and runs of other signs; each piece is spelled in bytes and its
 * neighbours are merged in the order of merges.txt (Radford et al. 2021, section 2.3; Sennrich et
 * al. 2016).  Two files: vocab.json, from token to number, and merges.txt, one pair a line. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_BPE_H
#define HUBSCOPE_ENGINE_ENCODERS_BPE_H

#include "engine/encoders/encoding.h"
#include "engine/base/error.h"
#include <stdint.h>

struct bpe;

/* Reads both files of `dir`.  Every piece of every merge must be in the vocabulary, and so must
 * every single byte and the two marks of begin and end. */
struct bpe *bpe_open(const char *dir, struct error *error);
void bpe_close(struct bpe *bpe); /* null is fine */

size_t bpe_size(const struct bpe *bpe); /* one more than the largest number of a token */
uint32_t bpe_end(const struct bpe *bpe);

/* Tokens of a text between the marks of begin and end, at most `most` (2 or more): what does not
 * fit is left off before the end.  Fills `encoding` with the words of the text as it was given;
 * where it is cut those that do not fit whole are not known.  Returns how many tokens were written; SIZE_MAX when
 * memory is short. */
size_t bpe_encode(const struct bpe *bpe, const char *text, uint32_t *token, size_t most,
                  struct encoding *encoding);

#endif
