/* CLIP's cleaning of a text before it is split into pieces. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H
#define HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H

#include <stddef.h>
#include <stdint.h>

/* Cleans a word of `length` bytes: valid UTF-8, references decoded twice (as text that passed through two web pages
 * needs), plain quotes, no control characters, NFC, lower case.  Returns *cleaned bytes of UTF-8, which the caller
 * frees; null when out of memory. */
uint8_t *bpe_clean(const char *word, size_t length, size_t *cleaned);

#endif
