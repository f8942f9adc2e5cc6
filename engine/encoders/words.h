/* Words of captions in any script, as the fitted encoder takes them, and their character n-grams.  A word is a run of
 * Unicode letters, marks and numbers; an apostrophe ends it and a possessive 's is dropped, as in the static encoder.
 * Ideographs are written without spaces: each is a word, and two adjacent ones are a pair, which is another word.
 * Words are compared in their folded form: case folding and compatibility composition (NFKC) of the Unicode
 * standard. */
#ifndef HUBSCOPE_ENGINE_ENCODERS_WORDS_H
#define HUBSCOPE_ENGINE_ENCODERS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WORD_BYTES = 256,                /* of the longest folded word; longer ones are truncated */
    WORD_SIZES = 8,                  /* n-grams have at most this many characters */
    WORD_GRAMS = 8 * WORD_BYTES + 16 /* the most that words_grams writes */
};

struct word {
    size_t start, length; /* bytes of the text; for a pair those of its second ideograph */
    bool pair;
    size_t bytes; /* of the folded form, at least 1 */
    char folded[WORD_BYTES + 1];
};

struct words { /* a walk over a text, which is borrowed */
    const char *text;
    size_t at;
    size_t before; /* where the ideograph just before `at` begins, or SIZE_MAX */
    size_t pair;   /* where the next pair begins, or SIZE_MAX */
};

struct words words_of(const char *text);
bool words_next(struct words *words, struct word *word); /* false at the end */

/* Sets the folded form of one word, well-formed UTF-8 as words_next finds it; no bytes when out of memory. */
void word_fold(const char *text, size_t length, struct word *word);

/* Hashes the n-grams of a folded word between boundary marks, of `least` to `most` characters (at most WORD_SIZES), to
 * [0, table), a power of two.  Writes at most WORD_GRAMS of them, with repetitions; returns their number. */
size_t words_grams(const char *folded, size_t bytes, unsigned least, unsigned most, size_t table, uint32_t *rows);

#endif
