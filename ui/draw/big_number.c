#include "ui/draw/big_number.h"

#include "ui/draw/draw.h"
#include "ui/terminal/terminal.h"

#include <string.h>

enum { DOTS_HIGH = 5 };

/* A row of dots in each number, the leftmost in the highest of its bits. */
static const struct big_glyph {
    char symbol;
    int columns;
    unsigned char dots[DOTS_HIGH];
} glyphs[] = {
    {'0', 3, {7, 5, 5, 5, 7}}, {'1', 3, {2, 6, 2, 2, 7}}, {'2', 3, {7, 1, 7, 4, 7}}, {'3', 3, {7, 1, 7, 1, 7}},
    {'4', 3, {5, 5, 7, 1, 1}}, {'5', 3, {7, 4, 7, 1, 7}}, {'6', 3, {7, 4, 7, 5, 7}}, {'7', 3, {7, 1, 1, 2, 2}},
    {'8', 3, {7, 5, 7, 5, 7}}, {'9', 3, {7, 5, 7, 1, 7}}, {'-', 3, {0, 0, 7, 0, 0}}, {'.', 1, {0, 0, 0, 0, 1}},
};

static const struct big_glyph *glyph_of(char symbol)
{
    for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++)
        if (glyphs[i].symbol == symbol)
            return &glyphs[i];
    return NULL;
}

int big_number_columns(const char *text)
{
    int columns = 0;

    if (!terminal_unicode())
        return text_columns(text);
    for (; *text; text++) {
        const struct big_glyph *glyph = glyph_of(*text);
        columns += glyph ? glyph->columns + 1 : 0;
    }
    return columns > 0 ? columns - 1 : 0;
}

static int dot(const struct big_glyph *glyph, int y, int x)
{
    return y < DOTS_HIGH && glyph->dots[y] >> (glyph->columns - 1 - x) & 1;
}

void big_number_draw(struct rect r, int y, int x, int style, const char *text)
{
    static const char *const halves[4] = {NULL, "▄", "▀", "█"};

    if (!terminal_unicode()) {
        draw_text(r, y, x, style, text);
        return;
    }
    for (; *text; text++) {
        const struct big_glyph *glyph = glyph_of(*text);
        for (int i = 0; glyph && i < glyph->columns * BIG_NUMBER_ROWS; i++) {
            int row = i / glyph->columns, column = i % glyph->columns;
            const char *half = halves[2 * dot(glyph, 2 * row, column) + dot(glyph, 2 * row + 1, column)];
            if (half)
                draw_text(r, y + row, x + column, style, half);
        }
        x += glyph ? glyph->columns + 1 : 0;
    }
}
