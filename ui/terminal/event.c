#include "ui/terminal/event.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CODE_PASTE = KEY_MAX + 1, CODE_PASTE_END, PASTE_MAX = 64 * 1024, TWICE_MS = 400, SEQUENCE_MAX = 32 };

void event_start(void)
{
    define_key("\033[200~", CODE_PASTE);
    define_key("\033[201~", CODE_PASTE_END);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    meta(stdscr, TRUE);
}

struct event event_of_key(const char *key)
{
    struct event event = {.type = EVENT_KEY};

    snprintf(event.key, sizeof(event.key), "%s", key);
    return event;
}

/* Control sequences of keys unknown to ncurses are not typed text: the rest of one, "[1;3X" or "OX", is read and
 * discarded. */
static bool skip_sequence(wint_t introducer)
{
    wint_t code;

    if (introducer != '[' && introducer != 'O')
        return false;
    for (int i = 0; i < SEQUENCE_MAX && get_wch(&code) == OK; i++)
        if (introducer == 'O' || (code >= 0x40 && code <= 0x7e))
            break;
    return true;
}

static bool read_mouse(struct event *event)
{
    static struct timespec last;
    static int last_y = -1, last_x = -1;
    MEVENT m;
    struct timespec now;

    if (getmouse(&m) != OK)
        return false;
    event->type = EVENT_MOUSE;
    event->mouse = (struct mouse){.y = m.y, .x = m.x};
#if NCURSES_MOUSE_VERSION > 1
    if (m.bstate & BUTTON4_PRESSED)
        event->mouse.wheel = -1;
    else if (m.bstate & BUTTON5_PRESSED)
        event->mouse.wheel = 1;
#endif
    if (event->mouse.wheel)
        return true;
    if (!(m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED)))
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = (long)(now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000;
    event->mouse.twice = m.bstate & BUTTON1_DOUBLE_CLICKED || (m.y == last_y && m.x == last_x && ms < TWICE_MS);
    last = now;
    last_y = event->mouse.twice ? -1 : m.y; /* a third click starts over */
    last_x = m.x;
    return true;
}

static struct { /* a paste still arriving */
    bool active;
    char *text;
    size_t length;
} paste;

static void paste_add(wint_t code)
{
    char bytes[TEXT_POINT];

    if (paste.length + TEXT_POINT > PASTE_MAX)
        return;
    if (!paste.text && !(paste.text = memory_array(PASTE_MAX, 1)))
        return;
    text_put(code < ' ' || code == 127 ? ' ' : code, bytes);
    memcpy(paste.text + paste.length, bytes, strlen(bytes) + 1);
    paste.length += strlen(bytes);
}

static bool paste_finish(struct event *event)
{
    *event = (struct event){.type = EVENT_PASTE, .text = paste.text};
    paste.active = false;
    paste.text = NULL;
    paste.length = 0;
    return event->text != NULL;
}

bool event_read(struct event *event)
{
    wint_t code;
    int kind;

    *event = (struct event){0};
    while ((kind = get_wch(&code)) != ERR) {
        bool function = kind == KEY_CODE_YES;
        if (paste.active) {
            if (function && code == CODE_PASTE_END) {
                if (paste_finish(event))
                    return true;
            } else if (!function) {
                paste_add(code);
            }
            continue;
        }
        if (function && code == CODE_PASTE) {
            paste.active = true;
            continue;
        }
        if (function && code == KEY_RESIZE) {
            event->type = EVENT_RESIZE;
            return true;
        }
        if (function && code == KEY_MOUSE) {
            if (read_mouse(event))
                return true;
            continue;
        }
        event->type = EVENT_KEY;
        if (!function && code == 27) {
            wint_t next;
            int next_kind = get_wch(&next);
            if (next_kind == OK && key_with_alt((int)next, event->key))
                return true;
            if (next_kind == OK && skip_sequence(next))
                continue;
            if (next_kind == OK)
                unget_wch((wchar_t)next);
            else if (next_kind == KEY_CODE_YES)
                ungetch((int)next);
        }
        if (key_of_code((int)code, function, event->key))
            return true;
    }
    *event = (struct event){0};
    return false;
}

void event_close(struct event *event)
{
    free(event->text);
    event->text = NULL;
}
