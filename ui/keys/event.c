#include "ui/keys/event.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CODE_PASTE = KEY_MAX + 1,
    CODE_PASTE_END,
    PASTE_MAX = 64 * 1024,
    TWICE_MS = 400,
    SEQUENCE_MAX = 32
};

static const struct {
    int code;
    const char *name;
} named[] = {
    {KEY_UP, "Up"},        {KEY_DOWN, "Down"},
    {KEY_LEFT, "Left"},    {KEY_RIGHT, "Right"},
    {KEY_PPAGE, "PageUp"}, {KEY_NPAGE, "PageDown"},
    {KEY_HOME, "Home"},    {KEY_END, "End"},
    {KEY_DC, "Delete"},    {KEY_BACKSPACE, "Backspace"},
    {KEY_ENTER, "Enter"},  {KEY_BTAB, "Shift-Tab"},
    {KEY_F(1), "F1"},      {'\t', "Tab"},
    {27, "Esc"},
};

void event_start(void)
{
    define_key("\033[200~", CODE_PASTE);
    define_key("\033[201~", CODE_PASTE_END);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    meta(stdscr, TRUE);
}

static void put_utf8(uint32_t point, char *out)
{
    size_t n = 0;

    if (point < 0x80) {
        out[n++] = (char)point;
    } else if (point < 0x800) {
        out[n++] = (char)(0xc0 | point >> 6);
        out[n++] = (char)(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        out[n++] = (char)(0xe0 | point >> 12);
        out[n++] = (char)(0x80 | (point >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (point & 0x3f));
    } else {
        out[n++] = (char)(0xf0 | point >> 18);
        out[n++] = (char)(0x80 | (point >> 12 & 0x3f));
        out[n++] = (char)(0x80 | (point >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (point & 0x3f));
    }
    out[n] = 0;
}

struct event event_of_key(const char *key)
{
    struct event event = {.type = EVENT_KEY};

    snprintf(event.key, sizeof(event.key), "%s", key);
    return event;
}

static bool name_code(int code, bool function, char key[EVENT_KEY_SIZE])
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (named[i].code == code && function == (code > 255)) {
            snprintf(key, EVENT_KEY_SIZE, "%s", named[i].name);
            return true;
        }
    }
    if (function)
        return false;
    if (code == '\r' || code == '\n')
        strcpy(key, "Enter");
    else if (code == 127 || code == 8)
        strcpy(key, "Backspace");
    else if (code > 0 && code <= 26)
        snprintf(key, EVENT_KEY_SIZE, "Ctrl-%c", 'A' + code - 1);
    else if (code >= ' ')
        put_utf8((uint32_t)code, key);
    else
        return false;
    return true;
}

/* Esc followed at once by one of these is that key with Alt; by any other it is two keys. */
static bool alt_key(wint_t code, char key[EVENT_KEY_SIZE])
{
    if (code == 'b' || code == 'f' || code == 'd')
        snprintf(key, EVENT_KEY_SIZE, "Alt-%c", (char)code);
    else if (code == 127 || code == 8)
        strcpy(key, "Alt-Backspace");
    else
        return false;
    return true;
}

/* Control sequences of keys that ncurses has no name for are no typing: the rest of one, "[1;3X" or
 * "OX", is read and forgotten. */
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
    event->mouse.twice =
        m.bstate & BUTTON1_DOUBLE_CLICKED || (m.y == last_y && m.x == last_x && ms < TWICE_MS);
    last = now;
    last_y = event->mouse.twice ? -1 : m.y; /* a third click begins anew */
    last_x = m.x;
    return true;
}

static struct { /* a paste that is still coming in */
    bool active;
    char *text;
    size_t length;
} paste;

static void paste_add(wint_t code)
{
    char bytes[8];

    if (paste.length + 8 > PASTE_MAX)
        return;
    if (!paste.text && !(paste.text = memory_array(PASTE_MAX, 1)))
        return;
    put_utf8(code < ' ' || code == 127 ? ' ' : code, bytes);
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
            if (next_kind == OK && alt_key(next, event->key))
                return true;
            if (next_kind == OK && skip_sequence(next))
                continue;
            if (next_kind == OK)
                unget_wch((wchar_t)next);
            else if (next_kind == KEY_CODE_YES)
                ungetch((int)next);
        }
        if (name_code((int)code, function, event->key))
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

bool event_key_parse(const char *name, size_t length, char key[EVENT_KEY_SIZE])
{
    const char *end = name;

    if (!length || length >= EVENT_KEY_SIZE)
        return false;
    memcpy(key, name, length);
    key[length] = 0;
    if (text_next(&end) > ' ' && end == name + length)
        return true;
    if (strcmp(key, "Space") == 0)
        return strcpy(key, " ");
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(named[i].name, key) == 0)
            return true;
    if (strncmp(key, "Ctrl-", 5) == 0)
        return length == 6 && key[5] >= 'A' && key[5] <= 'Z' && !strchr("HIJM", key[5]);
    return strcmp(key, "Alt-Backspace") == 0 ||
           (strncmp(key, "Alt-", 4) == 0 && length == 5 && strchr("bfd", key[4]));
}

static uint32_t random_next(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32);
}

struct event event_random(uint64_t *state, int rows, int columns)
{
    struct event event = {.type = EVENT_KEY};
    uint32_t what = random_next(state) % 100, value = random_next(state);

    if (what < 3) {
        event.type = EVENT_RESIZE;
        event.mouse.y = 1 + (int)(value % 70);
        event.mouse.x = 1 + (int)(value / 70 % 220);
    } else if (what < 15) {
        event.type = EVENT_MOUSE;
        event.mouse.y = (int)(value % (uint32_t)(rows > 0 ? rows : 1));
        event.mouse.x = (int)(value / 256 % (uint32_t)(columns > 0 ? columns : 1));
        event.mouse.wheel = what < 12 ? 0 : what < 14 ? 1 : -1;
        event.mouse.twice = what < 5;
    } else if (what < 45) {
        snprintf(event.key, sizeof(event.key), "%s",
                 named[value % (sizeof(named) / sizeof(named[0]))].name);
    } else if (what < 55) {
        char letter = (char)('A' + value % 26);
        if (strchr("CZHIJM", letter)) /* not the ways out */
            letter = 'N';
        snprintf(event.key, sizeof(event.key), "Ctrl-%c", letter);
    } else {
        put_utf8(value % 50 == 0 ? 0xe9 : ' ' + 1 + value % 94, event.key);
        if (event.key[0] == 'q')
            event.key[0] = 'H';
    }
    return event;
}
