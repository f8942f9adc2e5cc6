/* CLIP's cleaning of a text before it is split into pieces. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H
#define HUBSCOPE_ENGINE_ENCODERS_BPE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a character becomes white space, so that what stands before and after it is cleaned apart. */
bool bpe_clean_splits(uint32_t character);

/* Cleans a word of `length` bytes as ftfy does except for its repair of wrongly decoded text, until nothing changes:
 * character references that end in a semicolon (only if `decode`), C1 controls as Windows-1252, Latin ligatures, full
 * and half width, curly quotes, terminal escapes and control characters, NFC.  Then decodes HTML's references twice and
 * lowers the case, as the published tokenizer does.  Returns *cleaned bytes of UTF-8, which the caller frees; null when
 * out of memory. */
uint8_t *bpe_clean(const char *word, size_t length, bool decode, size_t *cleaned);

#endif
