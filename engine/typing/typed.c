#include "engine/typing/typed.h"

#include "engine/base/text.h"
#include "engine/typing/reading.h"
#include "engine/typing/suggestion.h"
#include <stdio.h>
#include <string.h>

static void list_names(const struct reading *reading, const char *text, char names[TYPED_NAMES])
{
    char name[TYPED_NAMES], entry[TYPED_NAMES];

    names[0] = 0;
    for (size_t i = 0; i < reading->pieces; i++) {
        const struct reading_piece *piece = &reading->piece[i];
        size_t end = i + 1 < reading->pieces ? piece[1].at : reading->length;
        if (!piece->named)
            continue;
        int size = snprintf(name, sizeof name, "%.*s as %.*s", (int)(piece->end - piece->start), text + piece->start,
                            (int)(end - piece->at - 2), reading->text + piece->at + 1);
        if (size < 0 || (size_t)size >= sizeof name)
            continue;
        text_clean(entry, sizeof entry, name);
        if (!strstr(names, entry) && strlen(names) + strlen(entry) + 3 < TYPED_NAMES)
            text_append(names, TYPED_NAMES, ", ", entry);
    }
}

/* Moves a word to where it was typed; all words of a symbol become one, which counts as its best. */
static void place_words(const struct reading *reading, struct encoding *encoding)
{
    size_t kept = 0;

    encoding->known = encoding->guessed = 0;
    for (size_t w = 0; w < encoding->words; w++) {
        struct encoding_word word = encoding->word[w], *last = kept ? &encoding->word[kept - 1] : NULL;
        const struct reading_piece *piece = reading_find(reading, word.start);
        if (piece->named) {
            word.start = piece->start;
            word.length = piece->end - piece->start;
        } else {
            word.start += piece->start - piece->at;
        }
        if (piece->named && last && last->start == word.start) {
            last->known = last->known || word.known;
            last->guessed = !last->known && (last->guessed || word.guessed);
        } else {
            encoding->word[kept++] = word;
        }
    }
    encoding->words = kept;
    for (size_t w = 0; w < kept; w++) {
        encoding->known += encoding->word[w].known;
        encoding->guessed += encoding->word[w].guessed;
    }
}

int typed_encode(struct lexicon *lexicon, struct encoder *encoder, const char *text, bool unfinished, float *vector,
                 struct typed *typed, struct job *job, struct error *error)
{
    struct reading reading = {0};

    typed->suggestion[0] = typed->names[0] = 0;
    typed->encoding.words = typed->encoding.known = typed->encoding.guessed = 0;
    if (encoder_has_words(encoder) && reading_make(&reading, lexicon, text, error)) {
        reading_close(&reading);
        return -1;
    }
    int status =
        unfinished
            ? encoder_encode_typed(encoder, reading.text ? reading.text : text, vector, &typed->encoding, job, error)
            : encoder_encode_job(encoder, reading.text ? reading.text : text, vector, &typed->encoding, job, error);
    if (reading.text && status >= 0) {
        place_words(&reading, &typed->encoding);
        list_names(&reading, text, typed->names);
        suggestion_make(lexicon, encoder, text, &typed->encoding, typed->suggestion, sizeof typed->suggestion);
    }
    reading_close(&reading);
    return status;
}
