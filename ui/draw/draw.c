#include "ui/draw/draw.h"

#include "engine/base/text.h"
#include "ui/draw/piece.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum { TEXT_BYTES = 4096 };

static int columns_of_clean(const char *text)
{
    struct piece piece;
    int columns = 0;

    while (piece_next(&text, &piece))
        columns += piece.columns;
    return columns;
}

int text_columns(const char *text)
{
    char clean[TEXT_BYTES];

    text_clean(clean, sizeof clean, text);
    return columns_of_clean(clean);
}

/* ---- text ---- */

/* Columns of the rectangle that are on the screen. */
static void visible(struct rect r, int *first, int *end)
{
    int room = terminal_columns() - r.x;

    *first = r.x < 0 ? -r.x : 0;
    *end = r.columns < room ? r.columns : room;
}

static bool row_visible(struct rect r, int y)
{
    return y >= 0 && y < r.rows && r.y + y >= 0 && r.y + y < terminal_rows();
}

/* Draws clean text from column x on, cut before column `end`. */
static int put(struct rect r, int y, int x, int end, int style, const char *text)
{
    wchar_t shown[TEXT_BYTES + 4];
    struct piece piece;
    int first, limit, length = 0, start, after = x + columns_of_clean(text);

    visible(r, &first, &limit);
    if (end > limit)
        end = limit;
    if (!row_visible(r, y) || x >= end)
        return after;
    bool cut = after > end;
    int room = cut ? end - 1 : end, at = x;
    for (; at < first && piece_next(&text, &piece); at += piece.columns)
        ;
    start = at;
    while (at < room && piece_next(&text, &piece) && at + piece.columns <= room && length + piece.length < TEXT_BYTES) {
        wmemcpy(shown + length, piece.text, (size_t)piece.length);
        length += piece.length;
        at += piece.columns;
    }
    if (cut && at < end) {
        const char *ellipsis = glyph(GLYPH_ELLIPSIS);
        if (at >= first)
            shown[length++] = (wchar_t)text_next(&ellipsis);
        at++;
    }
    if (length)
        screen_put(r.y + y, r.x + start, style, shown, length);
    return at;
}

int draw_text(struct rect r, int y, int x, int style, const char *text)
{
    char clean[TEXT_BYTES];

    text_clean(clean, sizeof clean, text);
    return put(r, y, x, r.columns, style, clean);
}

int draw_format(struct rect r, int y, int x, int style, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return draw_text(r, y, x, style, text);
}

void draw_right(struct rect r, int y, int end, int style, const char *format, ...)
{
    char text[TEXT_BYTES], clean[TEXT_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_clean(clean, sizeof clean, text);
    if (end > r.columns)
        end = r.columns;
    int x = end - columns_of_clean(clean);
    put(r, y, x > 0 ? x : 0, end, style, clean);
}

/* Bytes of `text` that fit in `columns`, ending at a space where there is one, but not between a number and its %. */
static size_t line_bytes(const char *text, int columns)
{
    const char *at = text, *space = NULL;
    struct piece piece;
    int used = 0;

    for (;;) {
        const char *here = at;
        if (!piece_next(&at, &piece))
            return strlen(text);
        if (piece.text[0] == L' ' && piece.length == 1 && *at != '%')
            space = here;
        used += piece.columns;
        if (used > columns)
            return space && space > text ? (size_t)(space - text)
                   : here > text         ? (size_t)(here - text)
                                         : (size_t)(at - text);
    }
}

int draw_wrapped(struct rect r, int y, int x, int rows, int style, const char *text)
{
    char clean[TEXT_BYTES], line[TEXT_BYTES];
    const char *at = clean;
    int used = 0;

    text_clean(clean, sizeof clean, text);
    if (x >= r.columns)
        return 0;
    while (used < rows && *(at += strspn(at, " "))) {
        size_t bytes = used + 1 < rows ? line_bytes(at, r.columns - x) : strlen(at);
        memcpy(line, at, bytes);
        line[bytes] = 0;
        put(r, y + used++, x, r.columns, style, line);
        at += bytes;
    }
    return used;
}

/* ---- areas and lines ---- */

static void repeat(struct rect r, int y, int x, int columns, int style, const char *symbol)
{
    int first, end;

    visible(r, &first, &end);
    if (x < first) {
        columns -= first - x;
        x = first;
    }
    if (columns > end - x)
        columns = end - x;
    if (row_visible(r, y) && columns > 0)
        screen_repeat(r.y + y, r.x + x, columns, style, (wchar_t)text_next(&symbol));
}

void draw_over(struct rect r, int y, int x, int style, int below, const char *symbol)
{
    int first, end;

    if (below < 0) {
        draw_text(r, y, x, style, symbol);
        return;
    }
    visible(r, &first, &end);
    if (row_visible(r, y) && x >= first && x < end)
        screen_put_over(r.y + y, r.x + x, style, below, (wchar_t)text_next(&symbol));
}

void draw_block(struct rect r, int y, int x, int style)
{
    draw_over(r, y, x, style, terminal_tier() == TIER_NONE ? -1 : style, "█");
}

void draw_fill(struct rect r, int style)
{
    for (int y = 0; y < r.rows; y++)
        repeat(r, y, 0, r.columns, style, " ");
}

void draw_clear(struct rect r)
{
    draw_fill(r, STYLE_TEXT);
}

static void draw_title(struct rect r, int y, int style, const char *title)
{
    char clean[TEXT_BYTES];

    text_clean(clean, sizeof clean, title);
    int columns = columns_of_clean(clean), room = r.columns - 6;
    if (room < 1 || columns == 0)
        return;
    if (columns > room)
        columns = room;
    repeat(r, y, 2, 1, style, " ");
    put(r, y, 3, 3 + columns, style, clean);
    repeat(r, y, 3 + columns, 1, style, " ");
}

void draw_horizontal(struct rect r, int y, int style, const char *title)
{
    int ground = style & ~0xff;

    repeat(r, y, 0, r.columns, STYLE_LINE | ground, glyph(GLYPH_HORIZONTAL));
    if (title)
        draw_title(r, y, style, title);
}

void draw_vertical(struct rect r, int x, int style)
{
    if (style == STYLE_DIM)
        style = STYLE_LINE;
    for (int y = 0; y < r.rows; y++)
        repeat(r, y, x, 1, style, glyph(GLYPH_VERTICAL));
}

void draw_box(struct rect r, int style, const char *title)
{
    int right = r.columns - 1, bottom = r.rows - 1;

    if (right < 1 || bottom < 1)
        return;
    repeat(r, 0, 1, right - 1, STYLE_LINE, glyph(GLYPH_HORIZONTAL));
    repeat(r, bottom, 1, right - 1, STYLE_LINE, glyph(GLYPH_HORIZONTAL));
    for (int y = 1; y < bottom; y++) {
        repeat(r, y, 0, 1, STYLE_LINE, glyph(GLYPH_VERTICAL));
        repeat(r, y, right, 1, STYLE_LINE, glyph(GLYPH_VERTICAL));
    }
    repeat(r, 0, 0, 1, STYLE_LINE, glyph(GLYPH_TOP_LEFT));
    repeat(r, 0, right, 1, STYLE_LINE, glyph(GLYPH_TOP_RIGHT));
    repeat(r, bottom, 0, 1, STYLE_LINE, glyph(GLYPH_BOTTOM_LEFT));
    repeat(r, bottom, right, 1, STYLE_LINE, glyph(GLYPH_BOTTOM_RIGHT));
    if (title)
        draw_title(r, 0, style, title);
}

void draw_gap(struct rect r, int y)
{
    draw_text(r, y, 1, STYLE_DIM, "...");
}

void draw_scrollbar(struct rect r, size_t first, size_t shown, size_t total)
{
    if (shown >= total || r.rows < 2 || r.columns < 1)
        return;
    size_t rows = (size_t)r.rows, hidden = total - shown;
    size_t thumb = (size_t)((double)rows * (double)shown / (double)total + 0.5);
    if (thumb < 1)
        thumb = 1;
    if (thumb >= rows)
        thumb = rows - 1;
    if (first > hidden)
        first = hidden;
    size_t top = (size_t)((double)(rows - thumb) * (double)first / (double)hidden + 0.5);
    for (size_t y = 0; y < rows; y++) {
        bool on = y >= top && y < top + thumb;
        const char *symbol = terminal_unicode() ? (on ? "┃" : "│") : on ? "#" : "|";
        repeat(r, (int)y, r.columns - 1, 1, on ? STYLE_TEXT : STYLE_LINE, symbol);
    }
}
