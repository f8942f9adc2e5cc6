/* What the terminal answers to a query.  The input reader (ui/terminal/event.h) takes replies out of the keys, whenever
 * they come and however their bytes arrive; a reply nobody wants is discarded. */
#ifndef HUBSCOPE_UI_TERMINAL_REPLY_H
#define HUBSCOPE_UI_TERMINAL_REPLY_H

#include <stddef.h>

struct reply {
    char kind; /* its second byte: '[' a control sequence that is not a key, ']' OSC, 'P' DCS, '_' APC, '^' PM, or
                  'X' SOS */
    const char *text; /* what follows, NUL-terminated: to the final byte, or to the string's terminator without it */
    size_t length;    /* at most REPLY_SIZE - 1; longer replies are discarded */
};
enum { REPLY_SIZE = 4096 };

typedef void reply_taker(const struct reply *reply);

#endif
