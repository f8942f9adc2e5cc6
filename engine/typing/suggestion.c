#include "engine/typing/suggestion.h"

#include "engine/encoders/words.h"
#include "engine/typing/lexicon.h"
#include <stdio.h>
#include <string.h>

/* The closest title; how many edits away in the result. */
static struct nearest nearest_title(struct lexicon *lexicon, const char *text)
{
    char phrase[NEAREST_BYTES] = "";
    struct words words = words_of(text);
    struct word word;
    size_t used = 0;

    while (words_next(&words, &word)) {
        if (word.pair)
            continue;
        if (used + word.bytes + 2 > sizeof phrase)
            return nearest_to("", 0);
        used += (size_t)snprintf(phrase + used, sizeof phrase - used, "%s%s", used ? " " : "", word.folded);
    }
    struct nearest nearest = nearest_to(phrase, used);
    lexicon_offer_titles(lexicon, &nearest);
    return nearest;
}

static struct nearest nearest_word(struct lexicon *lexicon, const struct encoder *encoder, const char *text,
                                   const struct encoding_word *place)
{
    struct word word;

    word_fold(text + place->start, place->length, &word);
    struct nearest nearest = nearest_to(word.folded, word.bytes);
    lexicon_offer_words(lexicon, &nearest);
    encoder_offer_words(encoder, &nearest);
    if (place->guessed && nearest.edits > 1)
        nearest.best[0] = 0;
    return nearest;
}

/* Replaces word by word; returns the edits, 0 if there are none. */
static size_t replace_words(struct lexicon *lexicon, const struct encoder *encoder, const char *text,
                            const struct encoding *encoding, char *buffer, size_t size)
{
    size_t at = 0, used = 0, edits = 0;

    for (size_t w = 0; w < encoding->words; w++) {
        const struct encoding_word *word = &encoding->word[w];
        if (word->known || word->begun)
            continue;
        const struct nearest nearest = nearest_word(lexicon, encoder, text, word);
        if (!nearest.best[0] && word->guessed)
            continue;
        if (!nearest.best[0])
            return 0;
        used +=
            (size_t)snprintf(buffer + used, size - used, "%.*s%s", (int)(word->start - at), text + at, nearest.best);
        if (used >= size)
            return 0;
        at = word->start + word->length;
        edits += nearest.edits;
    }
    used += (size_t)snprintf(buffer + used, size - used, "%s", text + at);
    return used < size ? edits : 0;
}

static bool knows_all(const struct encoding *encoding)
{
    for (size_t w = 0; w < encoding->words; w++)
        if (!encoding->word[w].known && !encoding->word[w].begun)
            return false;
    return true;
}

bool suggestion_make(struct lexicon *lexicon, const struct encoder *encoder, const char *text,
                     const struct encoding *encoding, char *buffer, size_t size)
{
    buffer[0] = 0;
    if (!encoder_has_words(encoder) || encoding->cut || encoding->words == ENCODING_WORDS || knows_all(encoding))
        return false;
    size_t edits = replace_words(lexicon, encoder, text, encoding, buffer, size);
    const struct nearest title = nearest_title(lexicon, text);
    bool found = title.best[0] && (!edits || title.edits <= edits) && strlen(title.best) < size;
    if (found)
        memcpy(buffer, title.best, strlen(title.best) + 1);
    else if (!edits)
        buffer[0] = 0;
    return found || edits;
}
