#include "ui/draw/draw.h"

#include "engine/base/text.h"
#include "ui/terminal/screen.h"
#include "ui/terminal/terminal.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum { TEXT_BYTES = 4096, MARKS = SCREEN_MARKS };

/* ---- rectangles ---- */

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

struct rect rect_top(struct rect r, int rows)
{
    r.rows = clamp(rows, 0, r.rows > 0 ? r.rows : 0);
    return r;
}

struct rect rect_below(struct rect r, int rows)
{
    rows = clamp(rows, 0, r.rows > 0 ? r.rows : 0);
    r.y += rows;
    r.rows -= rows;
    return r;
}

struct rect rect_left(struct rect r, int columns)
{
    r.columns = clamp(columns, 0, r.columns > 0 ? r.columns : 0);
    return r;
}

struct rect rect_right_of(struct rect r, int columns)
{
    columns = clamp(columns, 0, r.columns > 0 ? r.columns : 0);
    r.x += columns;
    r.columns -= columns;
    return r;
}

struct rect rect_inset(struct rect r, int rows, int columns)
{
    rows = clamp(rows, 0, r.rows / 2);
    columns = clamp(columns, 0, r.columns / 2);
    return (struct rect){r.y + rows, r.x + columns, r.rows - 2 * rows, r.columns - 2 * columns};
}

int rect_holds(struct rect r, int y, int x)
{
    return y >= r.y && y < r.y + r.rows && x >= r.x && x < r.x + r.columns;
}

/* ---- glyphs ---- */

const char *glyph(enum glyph glyph)
{
    static const char *const table[GLYPHS][2] = {
        [GLYPH_UP] = {"^", "▲"},           [GLYPH_DOWN] = {"v", "▼"},
        [GLYPH_SAME] = {"=", "="},         [GLYPH_HUB] = {"*", "◆"},
        [GLYPH_TARGET] = {"@", "◉"},       [GLYPH_POINTER] = {">", "▸"},
        [GLYPH_ELLIPSIS] = {"~", "…"},     [GLYPH_BULLET] = {"-", "•"},
        [GLYPH_HORIZONTAL] = {"-", "─"},   [GLYPH_VERTICAL] = {"|", "│"},
        [GLYPH_CROSS] = {"+", "┼"},        [GLYPH_TEE_DOWN] = {"+", "┬"},
        [GLYPH_TEE_UP] = {"+", "┴"},       [GLYPH_TEE_RIGHT] = {"+", "├"},
        [GLYPH_TEE_LEFT] = {"+", "┤"},     [GLYPH_TOP_LEFT] = {"+", "╭"},
        [GLYPH_TOP_RIGHT] = {"+", "╮"},    [GLYPH_BOTTOM_LEFT] = {"+", "╰"},
        [GLYPH_BOTTOM_RIGHT] = {"+", "╯"}, [GLYPH_DOT] = {".", "·"},
        [GLYPH_CURSOR] = {"_", "▏"},       [GLYPH_MORE] = {"+", "⋯"},
        [GLYPH_ARROW] = {">", "→"},
    };

    return (unsigned)glyph < GLYPHS ? table[glyph][terminal_unicode()] : " ";
}

/* ---- characters ---- */

/* A character as it is shown, with the marks that combine with it. */
struct piece {
    wchar_t text[1 + MARKS];
    int length, columns;
};

/* Joiners and selectors of emoji make terminals disagree about widths: without them the parts stand
 * side by side. */
static bool is_left_out(uint32_t point)
{
    return point == 0x200b || point == 0x200c || point == 0x200d || point == 0x2060 ||
           point == 0xad || (point >= 0xfe00 && point <= 0xfe0f) || point >= 0xe0000;
}

static bool is_mark(uint32_t point)
{
    return point >= 0x300 && (terminal_unicode() ? wcwidth((wchar_t)point) == 0 : point < 0x370);
}

/* A stand-in where only ASCII can be shown. */
static wchar_t plain(uint32_t point)
{
    static const char latin[] =
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy"; /* U+00C0.. */

    if (point < 0x80)
        return (wchar_t)point;
    if (point >= 0xc0 && point <= 0xff)
        return (unsigned char)latin[point - 0xc0];
    if (point >= 0x2010 && point <= 0x2015)
        return L'-';
    if (point == 0x2018 || point == 0x2019)
        return L'\'';
    if (point >= 0x201c && point <= 0x201e)
        return L'"';
    if (point == 0x2026)
        return L'~';
    return point == 0xa0 || (point >= 0x2000 && point <= 0x200a) ? L' ' : L'?';
}

static bool next_piece(const char **text, struct piece *piece)
{
    const char *at = *text;
    uint32_t point;

    do
        point = text_next(&at);
    while (point && is_left_out(point));
    if (!point)
        return false;
    piece->length = 1;
    piece->columns = 1;
    if (!terminal_unicode()) {
        piece->text[0] = plain(point);
    } else {
        int width = wcwidth((wchar_t)point);
        piece->text[0] = width > 0 ? (wchar_t)point : width == 0 ? L' ' : L'\xfffd';
        piece->columns = width == 2 ? 2 : 1;
        if (width == 0)
            piece->text[piece->length++] = (wchar_t)point;
    }
    for (*text = at; (point = text_next(&at)) && (is_mark(point) || is_left_out(point)); *text = at)
        if (terminal_unicode() && !is_left_out(point) && piece->length < 1 + MARKS)
            piece->text[piece->length++] = (wchar_t)point;
    return true;
}

static int columns_of_clean(const char *text)
{
    struct piece piece;
    int columns = 0;

    while (next_piece(&text, &piece))
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
    *first = r.x < 0 ? -r.x : 0;
    *end = clamp(r.columns, 0, terminal_columns() - r.x > 0 ? terminal_columns() - r.x : 0);
}

static bool row_visible(struct rect r, int y)
{
    return y >= 0 && y < r.rows && r.y + y >= 0 && r.y + y < terminal_rows();
}

/* Clean text from column x on, cut before column `end`. */
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
    for (; at < first && next_piece(&text, &piece); at += piece.columns)
        ;
    start = at;
    while (at < room && next_piece(&text, &piece) && at + piece.columns <= room &&
           length + piece.length < TEXT_BYTES) {
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

/* Bytes of `text` that fit in `columns`, ending at a space where there is one. */
static size_t line_bytes(const char *text, int columns)
{
    const char *at = text, *space = NULL;
    struct piece piece;
    int used = 0;

    for (;;) {
        const char *here = at;
        if (!next_piece(&at, &piece))
            return strlen(text);
        if (piece.text[0] == L' ' && piece.length == 1)
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
