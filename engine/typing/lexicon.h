/* What a collection calls its videos: the words and titles in its catalog, for suggestions, and the symbols, such
 * as emoji, that stand for a video.  Read when first needed, from at most LEXICON_VIDEOS videos; any thread may ask. */
#ifndef HUBSCOPE_ENGINE_TYPING_LEXICON_H
#define HUBSCOPE_ENGINE_TYPING_LEXICON_H

#include "engine/base/error.h"
#include "engine/base/nearest.h"
#include <stddef.h>

struct catalog;
struct lexicon;

enum { LEXICON_VIDEOS = 100000 };

/* The catalog is borrowed; null: a lexicon without words.  Null when out of memory. */
struct lexicon *lexicon_new(struct catalog *catalog);
void lexicon_free(struct lexicon *lexicon); /* null is fine; so it is for the others, which then find nothing */

/* Offers the folded words of titles and tags, by how often they occur. */
void lexicon_offer_words(struct lexicon *lexicon, struct nearest *nearest);
/* Offers the titles of several words, folded and without punctuation. */
void lexicon_offer_titles(struct lexicon *lexicon, struct nearest *nearest);

/* The title, or failing that the tags, of the first video whose key, title, tags or further columns, in this order,
 * hold the symbol; a key may also be its code points, "1f438".  Null if there is none. */
const char *lexicon_symbol(struct lexicon *lexicon, const char *symbol, size_t length);

/* Fails if what was asked last was answered without the collection's words and symbols, as they could not be read; they
 * are read again when next needed. */
int lexicon_check_read(struct lexicon *lexicon, struct error *error);

#endif
