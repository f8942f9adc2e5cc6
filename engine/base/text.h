/* UTF-8 text from outside: validating it and making it safe to display. */
#ifndef HUBSCOPE_ENGINE_BASE_TEXT_H
#define HUBSCOPE_ENGINE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at *text and advances *text by at least one byte; returns U+FFFD for bytes that are not UTF-8
 * and 0 at the end of the string. */
uint32_t text_next(const char **text);

enum { TEXT_POINT = 5 };
/* Writes the UTF-8 of one code point, NUL-terminated. */
void text_put(uint32_t point, char out[TEXT_POINT]);

bool text_is_utf8(const char *bytes, size_t size);

/* Copies the text, replacing every control character (C0, DEL, C1, bidi overrides, line and paragraph separators) with
 * a space and every malformed byte with U+FFFD; never splits a character; always NUL-terminates. */
void text_clean(char *out, size_t size, const char *text);

/* Returns the index of `word` in a list separated by spaces, ignoring case; -1 if it is not in it. */
int text_word(const char *words, const char *word);

/* Appends `name` to a list, preceded by `between` unless the list is empty; truncates to size. */
void text_append(char *list, size_t size, const char *between, const char *name);

#endif
