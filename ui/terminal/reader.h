/* Splits what the terminal sends into keys, pastes and replies, however the bytes arrive.  It neither reads nor looks
 * at a clock: bytes and times are passed to it.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_READER_H
#define HUBSCOPE_UI_TERMINAL_READER_H

#include "ui/terminal/reply.h"
#include <stdbool.h>
#include <stdint.h>

enum { READER_INPUT = 4096 };

enum {
    READER_ESCAPE_MS = 25,    /* after Esc alone, unless the user has set ESCDELAY */
    READER_SEQUENCE_MS = 500, /* inside a sequence or a character: no person types those */
    READER_STRING_MS = 1000,  /* inside a reply's string */
    READER_PASTE_MS = 200     /* a paste without its end ends */
};

enum token_type {
    TOKEN_CHARACTER, /* `point`, which may be a control character; U+FFFD for bytes that are not UTF-8 */
    TOKEN_ESCAPED,   /* Esc and an ASCII character right after it: `point` is that character */
    TOKEN_SEQUENCE,  /* a control sequence, ESC [ or ESC O: a key, the mouse or a reply */
    TOKEN_STRING,    /* the string of a reply */
    TOKEN_PASTE      /* `paste` */
};

struct token {
    enum token_type type;
    uint32_t point;
    const char *text; /* SEQUENCE, STRING: from its ESC on, NUL-terminated, without the terminator of a string; valid
                         until the next call */
    size_t length;
    char *paste; /* control characters are spaces; owned by the caller */
};

struct reader {
    unsigned char input[READER_INPUT]; /* bytes not looked at are those from `next` to `end` */
    size_t next, end;
    long escape_ms, last; /* when the last bytes came */
    enum reader_state {
        READER_GROUND,
        READER_CHARACTER, /* inside a UTF-8 character */
        READER_ESCAPE,
        READER_CONTROL, /* ESC [ */
        READER_MORE,    /* after a control sequence that has `more` bytes behind its final one */
        READER_KEYPAD,  /* ESC O */
        READER_STRING,
        READER_STRING_ESCAPE, /* ESC inside a string */
        READER_MARK           /* inside the end mark of a paste */
    } state;
    int more;
    char held[REPLY_SIZE + 2]; /* what has come of the character, sequence or string */
    size_t length;             /* may exceed what fits */
    bool pasting;
    char *paste;
    size_t paste_length;
};

void reader_start(struct reader *reader, long escape_ms);
void reader_stop(struct reader *reader);

/* Bytes that can be fed now, at least one once reader_next has returned false. */
size_t reader_room(const struct reader *reader);
void reader_feed(struct reader *reader, const void *bytes, size_t size, long now);

/* The next token of what was fed; false if there is none. */
bool reader_next(struct reader *reader, struct token *token);

/* Call when no more input has arrived: ends what has waited too long for its rest; false if that gives no token. */
bool reader_expire(struct reader *reader, long now, struct token *token);
long reader_wait(const struct reader *reader, long now); /* milliseconds until then; -1 if nothing is waiting */

#endif
