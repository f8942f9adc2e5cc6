#include "ui/terminal/event.h"

#include "engine/base/clock.h"
#include "ui/terminal/reader.h"

#include <curses.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TWICE_MS = 400, ESCDELAY_MAX = 10000 };

static struct {
    int descriptor; /* -1: nothing is read */
    struct reader reader;
    struct winsize window;
    reply_taker *taker;
    char next[KEY_NAME_SIZE]; /* a key that comes before all that is not read yet; "" if there is none */
} input = {.descriptor = -1};

/* ---- starting ---- */

static long escape_delay(void)
{
    const char *value = getenv("ESCDELAY");
    char *end;
    long delay = value ? strtol(value, &end, 10) : -1;

    return value && end > value && !*end && delay >= 0 && delay <= ESCDELAY_MAX ? delay : READER_ESCAPE_MS;
}

void event_start(int descriptor)
{
    event_stop();
    input.descriptor = descriptor;
    reader_start(&input.reader, escape_delay());
    ioctl(descriptor, TIOCGWINSZ, &input.window);
}

void event_feed(const char *bytes, size_t size)
{
    reader_feed(&input.reader, bytes, size, clock_ms());
}

void event_stop(void)
{
    reader_stop(&input.reader);
    memset(&input, 0, sizeof input);
    input.descriptor = -1;
}

struct event event_of_key(const char *key)
{
    struct event event = {.type = EVENT_KEY};

    snprintf(event.key, sizeof(event.key), "%s", key);
    return event;
}

void event_close(struct event *event)
{
    free(event->text);
    event->text = NULL;
}

/* ---- what tokens mean ---- */

/* Turns a report of the mouse into an event: `button` as the terminal numbers it; false if it is not of interest. */
static bool read_mouse(int button, int y, int x, struct event *event)
{
    enum { MODIFIERS = 4 | 8 | 16, WHEEL_UP = 64, WHEEL_DOWN = 65 };
    static long last;
    static int last_y = -1, last_x = -1;
    long now = clock_ms();

    button &= ~MODIFIERS;
    if (y < 0 || x < 0 || (button != 0 && button != WHEEL_UP && button != WHEEL_DOWN))
        return false;
    event->type = EVENT_MOUSE;
    event->mouse = (struct mouse){.y = y, .x = x};
    event->mouse.wheel = button == 0 ? 0 : button == WHEEL_UP ? -1 : 1;
    if (event->mouse.wheel)
        return true;
    event->mouse.twice = y == last_y && x == last_x && now - last < TWICE_MS;
    last = now;
    last_y = event->mouse.twice ? -1 : y; /* a third click starts over */
    last_x = x;
    return true;
}

/* ESC [ < button ; x ; y M, or the older ESC [ M with a byte for each, both counted from 1; a release is not of
 * interest. */
static bool is_mouse(const struct token *token)
{
    return token->text[1] == '[' && (token->text[2] == '<' || token->text[2] == 'M');
}

static bool mouse_of(const struct token *token, struct event *event)
{
    const unsigned char *bytes = (const unsigned char *)token->text + 3;
    int button, y, x, end = -1;

    if (token->text[2] == 'M')
        return token->length == 6 && read_mouse(bytes[0] - 32, bytes[2] - 33, bytes[1] - 33, event);
    if (sscanf(token->text, "\033[<%4d;%4d;%4dM%n", &button, &x, &y, &end) != 3 || end != (int)token->length)
        return false;
    return read_mouse(button, y - 1, x - 1, event);
}

static void hand_over(const struct token *token)
{
    struct reply reply = {.kind = token->text[1], .text = token->text + 2, .length = token->length - 2};

    if (input.taker)
        input.taker(&reply);
}

/* Esc and another character: an Alt key, a key of terminals whose sequences have no introducer, or two keys. */
static bool escaped_of(uint32_t point, struct event *event)
{
    char sequence[] = {27, (char)point, 0};

    if (key_with_alt((int)point, event->key) || key_of_sequence(sequence, event->key))
        return true;
    key_of_code((int)point, input.next);
    return key_of_code(27, event->key);
}

/* False if the token gives no event. */
static bool event_of(struct token *token, struct event *event)
{
    *event = (struct event){.type = EVENT_KEY};
    switch (token->type) {
    case TOKEN_CHARACTER:
        return key_of_code((int)token->point, event->key);
    case TOKEN_ESCAPED:
        return escaped_of(token->point, event);
    case TOKEN_PASTE:
        *event = (struct event){.type = EVENT_PASTE, .text = token->paste};
        return true;
    case TOKEN_SEQUENCE:
        if (is_mouse(token))
            return mouse_of(token, event);
        if (key_of_sequence(token->text, event->key))
            return true;
        break;
    case TOKEN_STRING:
        break;
    }
    hand_over(token);
    return false;
}

/* ---- reading ---- */

/* Reads what has arrived; false if nothing has. */
static bool fill(void)
{
    struct pollfd fd = {.fd = input.descriptor, .events = POLLIN};
    char bytes[READER_INPUT];

    if (input.descriptor < 0 || poll(&fd, 1, 0) <= 0)
        return false;
    ssize_t size = read(input.descriptor, bytes, reader_room(&input.reader));
    if (size > 0)
        reader_feed(&input.reader, bytes, (size_t)size, clock_ms());
    return size > 0;
}

static bool read_input(struct event *event)
{
    struct token token;

    for (bool more = true; more; more = fill())
        while (reader_next(&input.reader, &token))
            if (event_of(&token, event))
                return true;
    return reader_expire(&input.reader, clock_ms(), &token) && event_of(&token, event);
}

/* Whether the window has another size than before; curses then knows it. */
static bool resized(void)
{
    struct winsize window;

    if (input.descriptor < 0 || ioctl(input.descriptor, TIOCGWINSZ, &window))
        return false;
    if (window.ws_row == input.window.ws_row && window.ws_col == input.window.ws_col)
        return false;
    input.window = window;
    return window.ws_row && window.ws_col && resize_term(window.ws_row, window.ws_col) == OK;
}

bool event_read(struct event *event)
{
    if (resized()) {
        *event = (struct event){.type = EVENT_RESIZE};
        return true;
    }
    if (input.next[0]) {
        *event = event_of_key(input.next);
        input.next[0] = 0;
        return true;
    }
    if (read_input(event))
        return true;
    *event = (struct event){0};
    return false;
}

long event_wait(void)
{
    return input.descriptor < 0 ? -1 : reader_wait(&input.reader, clock_ms());
}

void event_take_replies(reply_taker *taker)
{
    input.taker = taker;
}
