/* Symbols in a text: emoji and other characters that are neither letters nor punctuation, each with what is joined to
 * it. */
#ifndef HUBSCOPE_ENGINE_TYPING_SYMBOL_H
#define HUBSCOPE_ENGINE_TYPING_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYMBOL_BYTES = 64, SYMBOL_NAME = 256 };

bool symbol_is(uint32_t point);
/* Bytes of the first visible character of a well-formed text that is not empty. */
size_t symbol_cluster(const char *text);
/* Copies a symbol without the marks of how to display it; returns its bytes, 0 if it is too long. */
size_t symbol_plain(const char *symbol, size_t length, char plain[SYMBOL_BYTES]);
/* Its name in the Unicode standard, in small letters: "frog face"; false if it has none. */
bool symbol_name(const char *symbol, size_t length, char name[SYMBOL_NAME]);

#endif
