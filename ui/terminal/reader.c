#include "ui/terminal/reader.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    ESC = 27,
    BEL = 7,
    CANCEL = 0x18,
    SUBSTITUTE = 0x1a,
    INTERRUPT = 3,
    PASTE_MAX = 64 * 1024,
    REPLACEMENT = 0xfffd
};

static const char PASTE_BEGIN[] = "\033[200~", PASTE_END[] = "\033[201~";

void reader_start(struct reader *reader, long escape_ms)
{
    *reader = (struct reader){.escape_ms = escape_ms};
}

void reader_stop(struct reader *reader)
{
    free(reader->paste);
    reader->paste = NULL;
}

size_t reader_room(const struct reader *reader)
{
    return READER_INPUT - (reader->end - reader->next);
}

void reader_feed(struct reader *reader, const void *bytes, size_t size, long now)
{
    if (size > reader_room(reader))
        size = reader_room(reader);
    memmove(reader->input, reader->input + reader->next, reader->end - reader->next);
    reader->end -= reader->next;
    reader->next = 0;
    memcpy(reader->input + reader->end, bytes, size);
    reader->end += size;
    reader->last = now;
}

/* ---- what is held ---- */

static void hold(struct reader *reader, unsigned char byte)
{
    if (reader->length + 1 < sizeof reader->held)
        reader->held[reader->length] = (char)byte;
    reader->length++;
}

static void enter(struct reader *reader, enum reader_state state, unsigned char byte)
{
    reader->state = state;
    hold(reader, byte);
}

static void drop(struct reader *reader)
{
    reader->state = READER_GROUND;
    reader->length = 0;
}

/* Gives what is held; false if it was too long. */
static bool give_held(struct reader *reader, enum token_type type, struct token *token)
{
    size_t length = reader->length;

    drop(reader);
    if (length + 1 > sizeof reader->held)
        return false;
    reader->held[length] = 0;
    *token = (struct token){.type = type, .text = reader->held, .length = length};
    return true;
}

/* ---- characters and pastes ---- */

static void paste_add(struct reader *reader, uint32_t point)
{
    char bytes[TEXT_POINT];

    if (reader->paste_length + TEXT_POINT > PASTE_MAX)
        return;
    if (!reader->paste && !(reader->paste = memory_array(PASTE_MAX, 1)))
        return;
    text_put(point < ' ' || point == 127 ? ' ' : point, bytes);
    memcpy(reader->paste + reader->paste_length, bytes, strlen(bytes) + 1);
    reader->paste_length += strlen(bytes);
}

static bool paste_finish(struct reader *reader, struct token *token)
{
    *token = (struct token){.type = TOKEN_PASTE, .paste = reader->paste};
    drop(reader);
    reader->pasting = false;
    reader->paste = NULL;
    reader->paste_length = 0;
    return token->paste != NULL;
}

/* A character is complete: part of a paste, or a token. */
static bool give_point(struct reader *reader, uint32_t point, struct token *token)
{
    drop(reader);
    if (reader->pasting) {
        paste_add(reader, point);
        return false;
    }
    *token = (struct token){.type = TOKEN_CHARACTER, .point = point};
    return true;
}

static size_t size_of_character(unsigned char lead)
{
    return lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
}

static bool take_character(struct reader *reader, unsigned char byte, struct token *token)
{
    if (reader->length && (byte & 0xc0) != 0x80) /* cut short: the byte begins something else */
        return give_point(reader, REPLACEMENT, token);
    reader->next++;
    enter(reader, READER_CHARACTER, byte);
    if (reader->length < size_of_character((unsigned char)reader->held[0]))
        return false;
    const char *text = reader->held;
    reader->held[reader->length] = 0;
    uint32_t point = text_next(&text);
    return give_point(reader, text == reader->held + reader->length ? point : REPLACEMENT, token);
}

static bool take_mark(struct reader *reader, unsigned char byte, struct token *token)
{
    if (byte == (unsigned char)PASTE_END[reader->length]) {
        reader->next++;
        hold(reader, byte);
        return !PASTE_END[reader->length] && paste_finish(reader, token);
    }
    for (size_t i = 0; i < reader->length; i++)
        paste_add(reader, (unsigned char)reader->held[i]);
    drop(reader);
    return false;
}

static bool take_ground(struct reader *reader, unsigned char byte, struct token *token)
{
    if (reader->pasting && byte == INTERRUPT)
        return paste_finish(reader, token);
    if (byte >= 0x80)
        return take_character(reader, byte, token);
    reader->next++;
    if (byte != ESC)
        return give_point(reader, byte, token);
    enter(reader, reader->pasting ? READER_MARK : READER_ESCAPE, byte);
    return false;
}

/* ---- sequences ---- */

static bool take_escape(struct reader *reader, unsigned char byte, struct token *token)
{
    if (byte == ESC || byte >= 0x80) /* Esc is a key, and something else begins */
        return give_point(reader, ESC, token);
    reader->next++;
    if (byte == '[' || byte == 'O')
        enter(reader, byte == '[' ? READER_CONTROL : READER_KEYPAD, byte);
    else if (memchr("]P_^X", byte, 5))
        enter(reader, READER_STRING, byte);
    else {
        drop(reader);
        *token = (struct token){.type = TOKEN_ESCAPED, .point = byte};
        return true;
    }
    return false;
}

static bool give_sequence(struct reader *reader, struct token *token)
{
    if (!give_held(reader, TOKEN_SEQUENCE, token) || strcmp(token->text, PASTE_END) == 0)
        return false;
    reader->pasting = strcmp(token->text, PASTE_BEGIN) == 0;
    return !reader->pasting;
}

/* A byte that cannot be in a sequence is not swallowed with it. */
static bool take_sequence(struct reader *reader, unsigned char byte, struct token *token)
{
    if (byte < ' ' || byte == 127 || (byte >= 0x80 && reader->state != READER_MORE)) {
        drop(reader);
        return false;
    }
    reader->next++;
    hold(reader, byte);
    if (reader->state == READER_MORE)
        return --reader->more == 0 && give_sequence(reader, token);
    if (byte < 0x40)
        return false;
    bool first = reader->state == READER_CONTROL && reader->length == 3;
    if (!first || (byte != 'M' && byte != '['))
        return give_sequence(reader, token);
    reader->state = READER_MORE; /* the older mouse reports; function keys of the Linux console */
    reader->more = byte == 'M' ? 3 : 1;
    return false;
}

static bool take_string(struct reader *reader, unsigned char byte, struct token *token)
{
    if (byte == INTERRUPT) {
        drop(reader);
        return false;
    }
    reader->next++;
    if (byte == BEL)
        return give_held(reader, TOKEN_STRING, token);
    if (byte == CANCEL || byte == SUBSTITUTE)
        drop(reader);
    else if (byte == ESC)
        reader->state = READER_STRING_ESCAPE;
    else
        hold(reader, byte);
    return false;
}

/* Any other escape sequence ends the string, as in terminals. */
static bool take_string_escape(struct reader *reader, unsigned char byte, struct token *token)
{
    if (byte == '\\') {
        reader->next++;
        return give_held(reader, TOKEN_STRING, token);
    }
    drop(reader);
    enter(reader, READER_ESCAPE, ESC);
    return false;
}

bool reader_next(struct reader *reader, struct token *token)
{
    static bool (*const take[])(struct reader *, unsigned char, struct token *) = {
        [READER_GROUND] = take_ground, [READER_CHARACTER] = take_character,
        [READER_ESCAPE] = take_escape, [READER_CONTROL] = take_sequence,
        [READER_MORE] = take_sequence, [READER_KEYPAD] = take_sequence,
        [READER_STRING] = take_string, [READER_STRING_ESCAPE] = take_string_escape,
        [READER_MARK] = take_mark,
    };

    while (reader->next < reader->end)
        if (take[reader->state](reader, reader->input[reader->next], token))
            return true;
    return false;
}

/* ---- pauses ---- */

static long patience(const struct reader *reader)
{
    switch (reader->state) {
    case READER_GROUND:
        return reader->pasting ? READER_PASTE_MS : -1;
    case READER_ESCAPE:
        return reader->escape_ms;
    case READER_STRING:
        return READER_STRING_MS;
    case READER_MARK:
        return reader->length > 1 ? READER_SEQUENCE_MS : READER_PASTE_MS;
    default:
        return READER_SEQUENCE_MS;
    }
}

long reader_wait(const struct reader *reader, long now)
{
    long limit = patience(reader), left = reader->last + limit - now;

    return limit < 0 ? -1 : left < 0 ? 0 : left;
}

bool reader_expire(struct reader *reader, long now, struct token *token)
{
    if (reader->next < reader->end || reader_wait(reader, now) != 0)
        return false;
    enum reader_state state = reader->state;
    drop(reader);
    if (state == READER_CHARACTER && give_point(reader, REPLACEMENT, token))
        return true;
    if (reader->pasting)
        return paste_finish(reader, token);
    return (state == READER_ESCAPE || state == READER_STRING_ESCAPE) && give_point(reader, ESC, token);
}
