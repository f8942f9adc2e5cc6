#include "ui/terminal/pen.h"

#include "engine/base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pen_style plain = {.known = true, .foreground = PEN_DEFAULT, .background = PEN_DEFAULT};

static struct {
    struct pen_style before, actual, wanted; /* of the terminal before the last rewriting and now; of what comes next */
    char *out;
    size_t size, room;
    bool failed;
} pen;

/* ---- the result ---- */

static void put(const char *bytes, size_t size)
{
    if (!size)
        return;
    if (pen.size + size > pen.room) {
        size_t room = 2 * (pen.size + size);
        char *larger = memory_grow(pen.out, room, 1);
        if (!larger) {
            pen.failed = true;
            return;
        }
        pen.out = larger;
        pen.room = room;
    }
    memcpy(pen.out + pen.size, bytes, size);
    pen.size += size;
}

enum { PARAMETERS = PEN_CHANGE - 4 }; /* characters */

struct change {
    bool needed;
    char text[PARAMETERS]; /* parameters of SGR, separated by semicolons; "" is the plain style */
    int length;
};

static void add(struct change *change, int parameter)
{
    change->length += snprintf(change->text + change->length, sizeof change->text - (size_t)change->length, "%s%d",
                               change->length ? ";" : "", parameter);
}

/* `base` is 30 for the foreground and 40 for the background. */
static void add_colour(struct change *change, int colour, int base)
{
    if (colour == PEN_DEFAULT) {
        add(change, base + 9);
    } else if (colour & PEN_ANY_COLOUR) {
        add(change, base + 8);
        add(change, 2);
        for (int shift = 16; shift >= 0; shift -= 8)
            add(change, colour >> shift & 255);
    } else if (colour < 16) {
        add(change, colour < 8 ? base + colour : base + 60 + colour - 8);
    } else {
        add(change, base + 8);
        add(change, 5);
        add(change, colour);
    }
}

/* Switches on what `to` has and `from` has not. */
static void add_new(struct change *change, const struct pen_style *from, const struct pen_style *to)
{
    static const int code[] = {1, 2, 3, 4, 7};
    unsigned on = to->attributes & ~from->attributes;

    for (int i = 0; i < (int)(sizeof code / sizeof *code); i++)
        if (on >> i & 1)
            add(change, code[i]);
    if (to->foreground != from->foreground)
        add_colour(change, to->foreground, 30);
    if (to->background != from->background)
        add_colour(change, to->background, 40);
}

static struct change change_by_steps(struct pen_style from, const struct pen_style *to)
{
    struct change change = {.length = 0};
    unsigned off = from.attributes & ~to->attributes;

    if (off & (PEN_BOLD | PEN_DIM)) {
        add(&change, 22);
        from.attributes &= ~(unsigned)(PEN_BOLD | PEN_DIM);
    }
    if (off & PEN_ITALIC)
        add(&change, 23);
    if (off & PEN_UNDERLINE)
        add(&change, 24);
    if (off & PEN_REVERSE)
        add(&change, 27);
    add_new(&change, &from, to);
    change.needed = change.length > 0;
    return change;
}

static struct change change_anew(const struct pen_style *to)
{
    struct change change = {.needed = true};

    if (to->attributes || to->foreground != PEN_DEFAULT || to->background != PEN_DEFAULT)
        add(&change, 0);
    add_new(&change, &plain, to);
    return change;
}

/* The shorter way from one style to another. */
static struct change change_between(const struct pen_style *from, const struct pen_style *to)
{
    if (!from->known)
        return change_anew(to);
    struct change steps = change_by_steps(*from, to), anew = change_anew(to);
    return !steps.needed || steps.length <= anew.length ? steps : anew;
}

size_t pen_change(const struct pen_style *from, const struct pen_style *to, char text[PEN_CHANGE])
{
    struct change change = change_between(from, to);

    return change.needed ? (size_t)snprintf(text, PEN_CHANGE, "\033[%sm", change.text) : 0;
}

static void take(const struct pen_style *style)
{
    if (style->set != pen.actual.set && style->set)
        put((const char[]){'\033', '(', style->set}, 3);
    char change[PEN_CHANGE];
    size_t size = pen_change(&pen.actual, style, change);
    put(change, size);
    pen.actual = *style;
}

/* Before something is written that shows both colours. */
static void use(void)
{
    if (pen.wanted.known)
        take(&pen.wanted);
}

/* Before cells are written that hold nothing. */
static void use_blank(void)
{
    struct pen_style style = pen.actual;

    if (!pen.wanted.known || !pen.actual.known ||
        ((pen.wanted.attributes | pen.actual.attributes) & (PEN_UNDERLINE | PEN_REVERSE))) {
        use();
        return;
    }
    style.background = pen.wanted.background;
    take(&style);
}

/* ---- what curses wrote ---- */

/* The number after 38 or 48: a colour; -1 if it is none, as one is then not known. */
static int colour_in(const int *parameter, int left, int *used)
{
    if (left >= 2 && parameter[0] == 5 && parameter[1] < 256) {
        *used = 2;
        return parameter[1];
    }
    if (left >= 4 && parameter[0] == 2 && parameter[1] < 256 && parameter[2] < 256 && parameter[3] < 256) {
        *used = 4;
        return PEN_ANY_COLOUR | parameter[1] << 16 | parameter[2] << 8 | parameter[3];
    }
    return -1;
}

/* Applies one parameter that needs no others; false if it is not known. */
static bool apply(struct pen_style *style, int parameter)
{
    int tens = parameter / 10, unit = parameter % 10;

    switch (parameter) {
    case 0:
        *style =
            (struct pen_style){.known = true, .foreground = PEN_DEFAULT, .background = PEN_DEFAULT, .set = style->set};
        return true;
    case 1:
    case 2:
    case 3:
    case 4:
        style->attributes |= 1u << (parameter - 1);
        return true;
    case 7:
        style->attributes |= PEN_REVERSE;
        return true;
    case 22:
        style->attributes &= ~(unsigned)(PEN_BOLD | PEN_DIM);
        return true;
    case 23:
        style->attributes &= ~(unsigned)PEN_ITALIC;
        return true;
    case 24:
        style->attributes &= ~(unsigned)PEN_UNDERLINE;
        return true;
    case 27:
        style->attributes &= ~(unsigned)PEN_REVERSE;
        return true;
    default:
        break;
    }
    int colour = unit == 9 && tens < 9 ? PEN_DEFAULT : tens >= 9 ? unit + 8 : unit;
    if (unit == 8 || (tens >= 9 && unit > 7))
        return false;
    if (tens == 3 || tens == 9)
        style->foreground = colour;
    else if (tens == 4 || tens == 10)
        style->background = colour;
    else
        return false;
    return true;
}

/* Applies SGR's parameters, up to its final byte; false if one is not known. */
static bool apply_all(struct pen_style *style, const char *text, size_t length)
{
    enum { MOST = 24 };
    int parameter[MOST] = {0}, count = 1, used;

    for (size_t i = 0; i < length; i++)
        if (text[i] == ';' && count < MOST)
            count++;
        else if (text[i] >= '0' && text[i] <= '9' && parameter[count - 1] < 1000)
            parameter[count - 1] = 10 * parameter[count - 1] + text[i] - '0';
        else
            return false;
    if (!style->known && parameter[0] != 0)
        return false;
    for (int i = 0; i < count; i++) {
        if (parameter[i] != 38 && parameter[i] != 48) {
            if (!apply(style, parameter[i]))
                return false;
            continue;
        }
        int colour = colour_in(parameter + i + 1, count - i - 1, &used);
        if (colour < 0)
            return false;
        *(parameter[i] == 38 ? &style->foreground : &style->background) = colour;
        i += used;
    }
    return true;
}

static void set_style(const char *bytes, size_t size)
{
    struct pen_style style = pen.wanted;

    if (apply_all(&style, bytes + 2, size - 3)) {
        pen.wanted = style;
        return;
    }
    use();
    put(bytes, size);
    pen.wanted.known = pen.actual.known = false;
}

/* A sequence that begins with ESC; returns its size. */
static size_t sequence(const char *bytes, size_t size)
{
    size_t end = 2;

    if (size >= 3 && bytes[1] == '(') {
        pen.wanted.set = bytes[2];
        return 3;
    }
    if (size < 2 || bytes[1] != '[') {
        use();
        end = size < 2 ? size : 2;
        put(bytes, end);
        return end;
    }
    while (end < size && (bytes[end] < '@' || bytes[end] > '~'))
        end++;
    char final = end < size ? bytes[end++] : 0;
    if (final == 'm' && bytes[2] != '?' && bytes[2] != '>') {
        set_style(bytes, end);
        return end;
    }
    if (final && strchr("JKX", final))
        use_blank();
    else if (!final || !strchr("ABCDGHd", final)) /* all but what only moves the cursor */
        use();
    put(bytes, end);
    return end;
}

/* The upper half of a cell in one colour and the lower half in another, which may be the same. */
static void half_block(void)
{
    static const char upper[] = "\xe2\x96\x80";
    int colour = pen.wanted.background;

    if (pen.wanted.known && !(pen.wanted.attributes & PEN_REVERSE) && colour != PEN_DEFAULT &&
        pen.wanted.foreground == colour) {
        use_blank();
        put(" ", 1);
    } else {
        use();
        put(upper, sizeof upper - 1);
    }
}

/* A character, or a sequence; returns its size. */
static size_t next(const char *bytes, size_t size)
{
    switch (bytes[0]) {
    case '\033':
        return sequence(bytes, size);
    case '\r':
    case '\b':
        break;
    case '\n':
    case ' ':
        use_blank();
        break;
    default:
        if (size >= 3 && memcmp(bytes, "\xe2\x96\x80", 3) == 0) {
            half_block();
            return 3;
        }
        use();
    }
    put(bytes, 1);
    return 1;
}

void pen_forget(void)
{
    pen.actual = (struct pen_style){.foreground = PEN_DEFAULT, .background = PEN_DEFAULT};
    pen.wanted = pen.actual;
}

const char *pen_rewritten(const char *bytes, size_t size, size_t *rewritten)
{
    pen.size = 0;
    pen.failed = false;
    pen.before = pen.actual;
    for (size_t at = 0; at < size;)
        at += next(bytes + at, size - at);
    use();
    *rewritten = pen.size;
    if (!pen.failed)
        return pen.out ? pen.out : "";
    pen_forget();
    return NULL;
}

const struct pen_style *pen_before(void)
{
    return &pen.before;
}

const struct pen_style *pen_after(void)
{
    return &pen.actual;
}

void pen_stop(void)
{
    free(pen.out);
    pen.out = NULL;
    pen.room = pen.size = 0;
    pen_forget();
}
