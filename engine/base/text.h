/* UTF-8 text from outside: checking it and making it safe to show. */
#ifndef HUBSCOPE_ENGINE_BASE_TEXT_H
#define HUBSCOPE_ENGINE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at *text (which it advances, by at least one byte); U+FFFD for bytes that are not UTF-8.
 * 0 at the end of the string. */
uint32_t text_next(const char **text);

enum { TEXT_POINT = 5 };
/* The UTF-8 of one code point, with a zero byte. */
void text_put(uint32_t point, char out[TEXT_POINT]);

bool text_is_utf8(const char *bytes, size_t size);

/* Copies with every control character (C0, DEL, C1, bidi overrides, line and paragraph separators) turned into a
 * space and every malformed byte into U+FFFD; never cuts a character in two; always ends with a zero byte. */
void text_clean(char *out, size_t size, const char *text);

/* Where the word stands among words between blanks, in upper or lower case; -1 if it is not one of them. */
int text_word(const char *words, const char *word);

/* Appends `name` to a list, after `between` where there is something before it; cut to size. */
void text_append(char *list, size_t size, const char *between, const char *name);

#endif
