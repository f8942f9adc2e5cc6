/* What a terminal with sixels shows of what is written to it: a picture of its pixels.  Text is ignored, except that a
 * cleared screen is black. */
#ifndef HUBSCOPE_TESTS_SIXELS_H
#define HUBSCOPE_TESTS_SIXELS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CANVAS_WIDTH = 800, CANVAS_HEIGHT = 480, CELL_WIDTH = 10, CELL_HEIGHT = 20 };

struct canvas {
    uint32_t pixel[CANVAS_HEIGHT][CANVAS_WIDTH]; /* 0xRRGGBB */
    int y, x;                                    /* where the cursor was sent to last, in cells */
    int pictures;                                /* how many were drawn */
    int width, height;                           /* of the last, as it says itself */
    size_t size;                                 /* its bytes */
    bool outside;                                /* one reached over the edge, or into the last row */
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

/* Shows what was written; `text` is NUL-terminated. */
static inline void canvas_write(struct canvas *canvas, const char *text)
{
    while ((text = strchr(text, '\033'))) {
        const char *at = ++text;
        if (*at == 'P' && at[1 + strspn(at + 1, "0123456789;")] == 'q') {
            text = canvas_draw(canvas, strchr(at, 'q') + 1);
            canvas->size = (size_t)(text - at);
        } else if (*at == '[') {
            at++;
            int first = canvas_number(&at), second = *at == ';' ? canvas_number((at++, &at)) : 1;
            if (*at == 'H') {
                canvas->y = first > 0 ? first - 1 : 0;
                canvas->x = second > 0 ? second - 1 : 0;
            } else if (*at == 'J' && first == 2) {
                memset(canvas->pixel, 0, sizeof canvas->pixel);
            }
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
