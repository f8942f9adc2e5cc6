/* Input from the user: keys by name, mouse, pastes, resizes.  Only this unit reads the terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_EVENT_H
#define HUBSCOPE_UI_TERMINAL_EVENT_H

#include "ui/terminal/key.h"
#include "ui/terminal/reply.h"
#include <stdbool.h>

enum event_type { EVENT_NONE, EVENT_KEY, EVENT_MOUSE, EVENT_PASTE, EVENT_RESIZE };

struct mouse {
    int y, x;   /* screen position */
    int wheel;  /* -1 up, +1 down, 0 a click */
    bool twice; /* double click */
};

struct event {
    enum event_type type;
    char key[KEY_NAME_SIZE];
    struct mouse mouse;
    char *text; /* EVENT_PASTE: control characters are spaces already; owned */
};

/* terminal_start and terminal_stop call these; -1: there is no input.  Curses need not run yet. */
void event_start(int descriptor);
void event_stop(void);
void event_feed(const char *bytes, size_t size); /* what was read from the terminal before, at most 1 KiB */

/* The next event without waiting; false when there is none. The caller closes it. */
bool event_read(struct event *event);
void event_close(struct event *event);

/* Milliseconds after which event_read may have an event although nothing more arrives, as Esc alone; -1: never. */
long event_wait(void);

/* Passes replies of the terminal to `taker` from now to the next start, as event_read finds them; null discards
 * them. */
void event_take_replies(reply_taker *taker);

struct event event_of_key(const char *key);

#endif
