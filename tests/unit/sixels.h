/* What a terminal with sixels shows of what is written to it: a picture of its pixels.  Of text it is only seen that it
 * erases them: cells with text are black. */
#ifndef HUBSCOPE_TESTS_SIXELS_H
#define HUBSCOPE_TESTS_SIXELS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CANVAS_WIDTH = 800, CANVAS_HEIGHT = 480, CELL_WIDTH = 10, CELL_HEIGHT = 20 };

struct canvas {
    uint32_t pixel[CANVAS_HEIGHT][CANVAS_WIDTH]; /* 0xRRGGBB */
    int y, x;                                    /* the cursor, in cells */
    int saved_y, saved_x;
    int pictures;      /* how many were drawn */
    int width, height; /* of the last, as it says itself */
    size_t size;       /* its bytes */
    bool outside;      /* one reached over the edge, or into the last row */
    bool strange;      /* a sequence was written that is not understood here */
};

static inline int canvas_number(const char **at)
{
    int value = 0;

    for (; **at >= '0' && **at <= '9'; (*at)++)
        value = 10 * value + **at - '0';
    return value;
}

/* Draws a sixel picture after "ESC P ... q", and returns its end. */
static inline const char *canvas_draw(struct canvas *canvas, const char *at)
{
    uint32_t palette[256] = {0}, colour = 0;
    int x = 0, y = 0, repeat = 1, top = canvas->y * CELL_HEIGHT, left = canvas->x * CELL_WIDTH;

    canvas->pictures++;
    while (*at && *at != '\033') {
        char c = *at++;
        if (c == '"') {
            canvas_number(&at);
            canvas_number((at++, &at));
            canvas->width = canvas_number((at++, &at));
            canvas->height = canvas_number((at++, &at));
            canvas->outside |=
                top + canvas->height > CANVAS_HEIGHT - CELL_HEIGHT || left + canvas->width > CANVAS_WIDTH;
        } else if (c == '#') {
            int number = canvas_number(&at) & 255;
            if (*at == ';') {
                canvas_number((at++, &at));
                int r = canvas_number((at++, &at)), g = canvas_number((at++, &at)), b = canvas_number((at++, &at));
                palette[number] =
                    (uint32_t)(r * 255 / 100) << 16 | (uint32_t)(g * 255 / 100) << 8 | (uint32_t)(b * 255 / 100);
            }
            colour = palette[number];
        } else if (c == '!') {
            repeat = canvas_number(&at);
        } else if (c == '$') {
            x = 0;
        } else if (c == '-') {
            x = 0;
            y += 6;
        } else if (c >= '?' && c <= '~') {
            for (; repeat > 0; repeat--, x++)
                for (int bit = 0; bit < 6; bit++)
                    if ((c - '?') >> bit & 1 && top + y + bit < CANVAS_HEIGHT && left + x < CANVAS_WIDTH)
                        canvas->pixel[top + y + bit][left + x] = colour;
            repeat = 1;
        }
    }
    return at;
}

/* Erases cells from column `first` to before `end`. */
static inline void canvas_erase(struct canvas *canvas, int row, int first, int end)
{
    for (int y = row * CELL_HEIGHT; y < (row + 1) * CELL_HEIGHT && y < CANVAS_HEIGHT; y++)
        for (int x = first * CELL_WIDTH; x < end * CELL_WIDTH && x < CANVAS_WIDTH; x++)
            canvas->pixel[y][x] = 0;
}

/* A control sequence after its introducer: its parameters and final byte. */
static inline void canvas_control(struct canvas *canvas, const char *parameters, char final)
{
    const char *at = parameters;
    int first = canvas_number(&at), second = *at == ';' ? canvas_number((at++, &at)) : 1, n = first > 0 ? first : 1;

    switch (final) {
    case 'H':
        canvas->y = n - 1;
        canvas->x = second > 0 ? second - 1 : 0;
        break;
    case 'G':
        canvas->x = n - 1;
        break;
    case 'd':
        canvas->y = n - 1;
        break;
    case 'A':
        canvas->y -= n;
        break;
    case 'B':
        canvas->y += n;
        break;
    case 'C':
        canvas->x += n;
        break;
    case 'D':
        canvas->x -= n;
        break;
    case 'X':
        canvas_erase(canvas, canvas->y, canvas->x, canvas->x + n);
        break;
    case 'K':
        canvas_erase(canvas, canvas->y, first == 1 ? 0 : canvas->x, first == 1 ? canvas->x + 1 : CANVAS_WIDTH);
        break;
    case 'J':
        if (first == 0)
            canvas_erase(canvas, canvas->y, canvas->x, CANVAS_WIDTH);
        for (int row = first == 2 ? 0 : canvas->y + 1; row < CANVAS_HEIGHT / CELL_HEIGHT; row++)
            canvas_erase(canvas, row, 0, CANVAS_WIDTH);
        break;
    default:
        canvas->strange |= !strchr("mhlrpcqt", final);
    }
}

/* Takes an escape sequence after its ESC, and returns its end. */
static inline const char *canvas_escape(struct canvas *canvas, const char *at)
{
    switch (*at) {
    case 'P':
        if (at[1 + strspn(at + 1, "0123456789;")] == 'q') {
            const char *end = canvas_draw(canvas, strchr(at, 'q') + 1);
            canvas->size = (size_t)(end - at);
            return end;
        }
        return at + 1;
    case ']':
        return at + strcspn(at, "\033\a");
    case '[': {
        const char *end = at + 1 + strspn(at + 1, "0123456789;?>$");
        canvas_control(canvas, at + 1, *end);
        return *end ? end + 1 : end;
    }
    case '7':
        canvas->saved_y = canvas->y;
        canvas->saved_x = canvas->x;
        break;
    case '8':
        canvas->y = canvas->saved_y;
        canvas->x = canvas->saved_x;
        break;
    case '(':
        return at + 2;
    default:
        canvas->strange |= !strchr("=>\\", *at);
    }
    return *at ? at + 1 : at;
}

/* Shows what was written; `text` is NUL-terminated. */
static inline void canvas_write(struct canvas *canvas, const char *text)
{
    while (*text) {
        unsigned char c = (unsigned char)*text++;
        if (c == '\033') {
            text = canvas_escape(canvas, text);
        } else if (c == '\r') {
            canvas->x = 0;
        } else if (c == '\n') {
            canvas->y++;
        } else if (c == '\b') {
            canvas->x--;
        } else if (c >= ' ' && (c & 0xc0) != 0x80) { /* not in the middle of a character */
            canvas_erase(canvas, canvas->y, canvas->x, canvas->x + 1);
            canvas->x++;
        }
    }
}

/* The largest difference of a channel. */
static inline int canvas_distance(uint32_t a, uint32_t b)
{
    int most = 0;

    for (int shift = 0; shift <= 16; shift += 8) {
        int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = d > most ? d : most;
    }
    return most;
}

#endif
