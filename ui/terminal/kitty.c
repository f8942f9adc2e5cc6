#include "ui/terminal/kitty.h"

#include "ui/terminal/encodings.h"
#include "ui/terminal/pair.h"
#include "ui/terminal/tmux.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 128, CHUNK = 4096, PALETTE_FIRST = 16 };
static const wchar_t PLACEHOLDER = 0x10eeee;

/* The marks that number rows and columns, in the protocol's order. */
static const unsigned short marks[KITTY_CELLS] = {
    0x305, 0x30d, 0x30e, 0x310, 0x312, 0x33d, 0x33e, 0x33f, 0x346, 0x34a, 0x34b, 0x34c, 0x350, 0x351, 0x352, 0x357,
    0x35b, 0x363, 0x364, 0x365, 0x366, 0x367, 0x368, 0x369, 0x36a, 0x36b, 0x36c, 0x36d, 0x36e, 0x36f, 0x483, 0x484,
    0x485, 0x486, 0x487, 0x592, 0x593, 0x594, 0x595, 0x597, 0x598, 0x599, 0x59c, 0x59d, 0x59e, 0x59f, 0x5a0, 0x5a1,
    0x5a8, 0x5a9, 0x5ab, 0x5ac, 0x5af, 0x5c4, 0x610, 0x611, 0x612, 0x613, 0x614, 0x615, 0x616, 0x617, 0x657, 0x658,
};

static struct {
    bool started;
    int first;                   /* the number of the first slot's picture */
    int cell_rows, cell_columns; /* pixels */
    unsigned long screen;        /* counts the screens drawn */
    struct slot {
        bool filled, sent;
        uint64_t content;
        int rows, columns;
        unsigned long used; /* the last screen that shows it */
        struct picture source;
    } slot[SLOTS];
} kitty;

/* A picture is known by its number, which the foreground of its cells gives. */
static int number(const struct slot *slot)
{
    return kitty.first + (int)(slot - kitty.slot);
}

/* Makes the terminal forget it. */
static void withdraw(struct slot *slot)
{
    char text[48];

    if (slot->sent) {
        tmux_pass_begin();
        tmux_pass(text, (size_t)snprintf(text, sizeof text, "\033_Ga=d,d=I,i=%d,q=2\033\\", number(slot)));
        tmux_pass_end();
    }
    slot->sent = false;
}

static void forget(struct slot *slot)
{
    withdraw(slot);
    picture_close(&slot->source);
    *slot = (struct slot){0};
}

static struct slot *find_slot(uint64_t content, int rows, int columns)
{
    struct slot *oldest = kitty.slot;

    for (struct slot *s = kitty.slot; s < kitty.slot + SLOTS; s++) {
        if (s->filled && s->content == content && s->rows == rows && s->columns == columns)
            return s;
        if (s->used < oldest->used)
            oldest = s;
    }
    forget(oldest);
    *oldest = (struct slot){.filled = true, .content = content, .rows = rows, .columns = columns};
    return oldest;
}

bool kitty_put(int y, int x, int rows, int columns, const struct picture *picture, int frame)
{
    if (!kitty.started || rows > KITTY_CELLS || columns > KITTY_CELLS)
        return false;
    struct slot *slot =
        find_slot(encodings_digest(picture, frame, 0, 0, picture->height, picture->width), rows, columns);
    slot->used = kitty.screen;
    if (!slot->source.rgb && !encodings_copy(picture, frame, &slot->source))
        return false;
    int pair = pair_of_number(number(slot));
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            const wchar_t text[] = {PLACEHOLDER, marks[i], marks[j], 0};
            cchar_t cell;
            if (setcchar(&cell, text, A_NORMAL, 0, &pair) == OK)
                mvadd_wch(y + i, x + j, &cell);
        }
    return true;
}

/* Sends base64 in chunks; the first says what it is. */
static void upload(const struct slot *slot, const struct encoding *encoding, const char *bytes, size_t size)
{
    char head[160];
    int length = snprintf(head, sizeof head, "\033_Gq=2,a=T,U=1,i=%d,c=%d,r=%d,f=24,s=%d,v=%d,m=%d;", number(slot),
                          slot->columns, slot->rows, encoding->width, encoding->height, size > CHUNK);

    for (;;) {
        size_t part = size < CHUNK ? size : CHUNK;
        tmux_pass_begin();
        tmux_pass(head, (size_t)length);
        tmux_pass(bytes, part);
        tmux_pass("\033\\", 2);
        tmux_pass_end();
        bytes += part;
        size -= part;
        if (!size)
            return;
        length = snprintf(head, sizeof head, "\033_Gq=2,m=%d;", size > CHUNK);
    }
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

void kitty_show(void)
{
    for (struct slot *s = kitty.slot; kitty.started && s < kitty.slot + SLOTS; s++) {
        if (!s->filled || s->sent || s->used != kitty.screen || !s->source.rgb)
            continue;
        int width = smaller(s->columns * kitty.cell_columns, s->source.width);
        int height = smaller(s->rows * kitty.cell_rows, s->source.height);
        const struct encoding encoding = {.content = s->content,
                                          .width = width,
                                          .height = height,
                                          .part_width = width,
                                          .part_height = height,
                                          .columns = s->columns,
                                          .rows = s->rows};
        size_t size;
        const char *bytes = encodings_find(&encoding, &s->source, &size);
        if (!bytes)
            continue;
        upload(s, &encoding, bytes, size);
        s->sent = true;
    }
}

void kitty_lost(void)
{
    for (struct slot *s = kitty.slot; s < kitty.slot + SLOTS; s++)
        withdraw(s);
}

void kitty_sequence(char *buffer, size_t size)
{
    buffer[0] = 0;
    if (kitty.started)
        snprintf(buffer, size, "\033_Ga=d,d=R,x=%d,y=%d,q=2\033\\", kitty.first, kitty.first + SLOTS - 1);
    if (!tmux_wrapped(buffer, size))
        buffer[0] = 0;
}

void kitty_clear(void)
{
    kitty.screen++;
}

void kitty_cell(int rows, int columns)
{
    kitty.cell_rows = rows;
    kitty.cell_columns = columns;
}

bool kitty_start(bool direct)
{
    enum { PROGRAMS = 250 };

    kitty.started = encodings_start(PROTOCOL_KITTY);
    kitty.first = direct ? (1 + (int)getpid() % PROGRAMS) << 16 | 1 << 8 : PALETTE_FIRST;
    return kitty.started;
}

void kitty_stop(void)
{
    if (!kitty.started)
        return;
    for (struct slot *s = kitty.slot; s < kitty.slot + SLOTS; s++)
        forget(s);
    encodings_stop();
    memset(&kitty, 0, sizeof kitty);
}
