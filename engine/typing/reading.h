/* Typed text as an encoder that knows words reads it: symbols become words, the title of a video that they stand for,
 * or what they are in plain letters, or their Unicode name. */
#ifndef HUBSCOPE_ENGINE_TYPING_READING_H
#define HUBSCOPE_ENGINE_TYPING_READING_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct lexicon;

struct reading {
    char *text;
    size_t length, room;
    struct reading_piece {
        size_t at;         /* where it begins in the text */
        size_t start, end; /* bytes of what was typed */
        bool named;        /* the words for a symbol, between blanks; otherwise the same bytes */
    } * piece;
    size_t pieces, piece_room;
};

/* Text that is not UTF-8 stays as it is.  Release with reading_close, also after a failure. */
int reading_make(struct reading *reading, struct lexicon *lexicon, const char *typed, struct error *error);
void reading_close(struct reading *reading);

/* The piece that holds byte `at` of the text; null if it has none. */
const struct reading_piece *reading_find(const struct reading *reading, size_t at);

#endif
