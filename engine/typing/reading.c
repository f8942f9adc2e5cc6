#include "engine/typing/reading.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/typing/lexicon.h"
#include "engine/typing/symbol.h"
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

static int add_text(struct reading *reading, const char *bytes, size_t count, struct error *error)
{
    if (reading->length + count >= reading->room) {
        size_t room = 2 * reading->room + count + 64;
        char *grown = memory_grow(reading->text, room, 1);
        if (!grown)
            return error_memory(error);
        reading->text = grown;
        reading->room = room;
    }
    memcpy(reading->text + reading->length, bytes, count);
    reading->length += count;
    reading->text[reading->length] = 0;
    return 0;
}

static int add_piece(struct reading *reading, size_t start, size_t end, bool named, struct error *error)
{
    if (reading->pieces == reading->piece_room) {
        size_t room = 2 * reading->piece_room + 8;
        struct reading_piece *grown = memory_grow(reading->piece, room, sizeof *grown);
        if (!grown)
            return error_memory(error);
        reading->piece = grown;
        reading->piece_room = room;
    }
    reading->piece[reading->pieces++] =
        (struct reading_piece){.at = reading->length, .start = start, .end = end, .named = named};
    return 0;
}

/* Adds a stretch of the typed text that stays as it is. */
static int add_same(struct reading *reading, const char *typed, size_t start, size_t end, struct error *error)
{
    if (start == end)
        return 0;
    return add_piece(reading, start, end, false, error) || add_text(reading, typed + start, end - start, error) ? -1
                                                                                                                : 0;
}

/* The words for a symbol: false if there are none. */
static bool words_for(struct lexicon *lexicon, const char *symbol, size_t length, char name[SYMBOL_NAME])
{
    const char *title = lexicon_symbol(lexicon, symbol, length);
    size_t bytes = SYMBOL_NAME - 1;

    if (title) {
        text_clean(name, SYMBOL_NAME, title);
        return true;
    }
    uint8_t *plain = u8_normalize(UNINORM_NFKC, (const uint8_t *)symbol, length, (uint8_t *)name, &bytes);
    if (plain != (uint8_t *)name) /* longer than any name, or out of memory */
        free(plain);
    else if (bytes != length || memcmp(name, symbol, length) != 0) {
        name[bytes] = 0;
        return true;
    }
    return symbol_name(symbol, length, name);
}

static int add_name(struct reading *reading, const char *name, size_t start, size_t end, struct error *error)
{
    return add_piece(reading, start, end, true, error) || add_text(reading, " ", 1, error) ||
                   add_text(reading, name, strlen(name), error) || add_text(reading, " ", 1, error)
               ? -1
               : 0;
}

int reading_make(struct reading *reading, struct lexicon *lexicon, const char *typed, struct error *error)
{
    size_t size = strlen(typed), same = 0;
    char name[SYMBOL_NAME];

    *reading = (struct reading){0};
    if (add_text(reading, "", 0, error))
        return -1;
    for (size_t at = text_is_utf8(typed, size) ? 0 : size, length; at < size; at += length) {
        const char *next = typed + at;
        length = symbol_cluster(typed + at);
        if (!symbol_is(text_next(&next)) || !words_for(lexicon, typed + at, length, name))
            continue;
        if (add_same(reading, typed, same, at, error) || add_name(reading, name, at, at + length, error))
            return -1;
        same = at + length;
    }
    return add_same(reading, typed, same, size, error);
}

void reading_close(struct reading *reading)
{
    free(reading->text);
    free(reading->piece);
    *reading = (struct reading){0};
}

const struct reading_piece *reading_find(const struct reading *reading, size_t at)
{
    const struct reading_piece *found = NULL;

    for (size_t i = 0; i < reading->pieces && reading->piece[i].at <= at; i++)
        found = &reading->piece[i];
    return found;
}
