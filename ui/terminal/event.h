/* Input from the user: keys by name, mouse, pastes, resizes.  Only this unit reads the terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_EVENT_H
#define HUBSCOPE_UI_TERMINAL_EVENT_H

#include "ui/terminal/key.h"
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

/* Registers the marks around pasted text with curses; terminal_start calls it. */
void event_start(void);

/* The next event without waiting; false when there is none. The caller closes it. */
bool event_read(struct event *event);
void event_close(struct event *event);

struct event event_of_key(const char *key);

#endif
