/* What comes from the user: keys by name, mouse, pastes, resizes.  It alone reads the terminal. */
#ifndef HUBSCOPE_UI_KEYS_EVENT_H
#define HUBSCOPE_UI_KEYS_EVENT_H

#include "ui/views/view.h"
#include <stdbool.h>
#include <stdint.h>

enum event_type { EVENT_NONE, EVENT_KEY, EVENT_MOUSE, EVENT_PASTE, EVENT_RESIZE };
enum { EVENT_KEY_SIZE = 16 };

struct event {
    enum event_type type;
    char key[EVENT_KEY_SIZE]; /* "a", "é", " ", "Ctrl-A", "Alt-b", "PageDown" */
    struct mouse mouse;
    char *text; /* EVENT_PASTE: control characters are spaces already; owned */
};

/* Makes ncurses know the keys that it has no names for; after every start of the terminal. */
void event_start(void);

/* The next event without waiting; false when there is none. The caller closes it. */
bool event_read(struct event *event);
void event_close(struct event *event);

/* A key as written in scripts and actions.def ("Space" for " ") to the name used in events; false
 * if there is no such key. */
bool event_key_parse(const char *name, size_t length, char key[EVENT_KEY_SIZE]);
struct event event_of_key(const char *key);

/* A random key, click, wheel turn or resize (with mouse.y rows and mouse.x columns), from the
 * generator's state. */
struct event event_random(uint64_t *state, int rows, int columns);

#endif
