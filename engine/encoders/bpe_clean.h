/* What CLIP's tokenizer does to a text before it is cut into pieces. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H
#define HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H

#include <stddef.h>
#include <stdint.h>

/* Cleans a word of `length` bytes: valid UTF-8, references undone twice (as text that went through
 * two web pages needs), plain quotes, no control characters, NFC, lower case.  Returns *cleaned
 * bytes of UTF-8, which the caller frees; null when memory is short. */
uint8_t *bpe_clean(const char *word, size_t length, size_t *cleaned);

#endif
