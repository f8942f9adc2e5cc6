#include "ui/terminal/screen.h"

#include "ui/terminal/cell.h"
#include "ui/terminal/kitty.h"
#include "ui/terminal/pair.h"
#include "ui/terminal/pixels.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

_Static_assert(SCREEN_MARKS + 1 == CCHARW_MAX, "a cell of curses holds a character and its marks");

void screen_clear(void)
{
    erase();
    pixels_clear();
    kitty_clear();
}

void screen_put(int y, int x, int style, const wchar_t *text, int length)
{
    theme_set(style);
    mvaddnwstr(y, x, text, length);
}

void screen_repeat(int y, int x, int columns, int style, wchar_t symbol)
{
    enum { AT_ONCE = 64 };
    wchar_t text[AT_ONCE];

    wmemset(text, symbol, AT_ONCE);
    theme_set(style);
    move(y, x);
    for (; columns > 0; columns -= AT_ONCE)
        addnwstr(text, columns < AT_ONCE ? columns : AT_ONCE);
}

void screen_put_over(int y, int x, int above, int below, wchar_t symbol)
{
    theme_set_over(above, below);
    mvaddnwstr(y, x, &symbol, 1);
}

void screen_put_coloured(int y, int x, wchar_t symbol, int foreground, int background, bool bold)
{
    wchar_t text[2] = {symbol, 0};
    int pair = foreground < 0 && background < 0 ? 0 : pair_of(foreground, background);
    cchar_t cell;

    if (setcchar(&cell, text, bold ? A_BOLD : A_NORMAL, 0, &pair) == OK)
        mvadd_wch(y, x, &cell);
}

enum { FIND_COLUMNS = 512, FIND_TEXT = 256 };

/* Whether two neighbours belong to one word or number. */
static bool is_joined(wchar_t left, wchar_t right)
{
    return iswalnum(left) && iswalnum(right);
}

/* Whether `length` characters from `at` on are neither the end nor the beginning of a longer word or number. */
static bool is_whole(const wchar_t *row, int count, int at, int length)
{
    int end = at + length;
    const wchar_t *last = row + end - 1;

    if (at > 0 && (is_joined(row[at - 1], row[at]) || (row[at - 1] == L'.' && iswdigit(row[at]))))
        return false;
    if (end == count)
        return true;
    return !is_joined(*last, row[end]) &&
           !(iswdigit(*last) && row[end] == L'.' && end + 1 < count && iswdigit(row[end + 1]));
}

/* How many of a row's characters from `at` on are the text's, or its first few and an ellipsis; 0: it is not there. */
static int match(const wchar_t *row, int count, int at, const wchar_t *text, int length)
{
    enum { CUT_LEAST = 4 };
    int same = 0;

    while (same < length && at + same < count && row[at + same] == text[same])
        same++;
    if (same == length)
        return is_whole(row, count, at, length) ? length : 0;
    return same >= CUT_LEAST && at + same < count && row[at + same] == (terminal_unicode() ? L'\u2026' : L'~')
               ? same + 1
               : 0;
}

/* Whether the text, with its gaps, is in a row's characters, and which of them its pieces are. */
static size_t find_in_row(const wchar_t *row, int count, const wchar_t *text, struct screen_piece piece[SCREEN_PIECES])
{
    static const wchar_t gap[] = L" ... ";
    size_t pieces = 0;
    int at = 0;

    while (*text && pieces < SCREEN_PIECES) {
        const wchar_t *next = wcsstr(text, gap);
        int length = next ? (int)(next - text) : (int)wcslen(text), found = 0;
        while (at < count && !(found = match(row, count, at, text, length)))
            at++;
        if (!found)
            return 0;
        piece[pieces++] = (struct screen_piece){0, at, at + found};
        at += found;
        text += length + (next ? (int)wcslen(gap) : 0);
    }
    return pieces;
}

size_t screen_find(int y, int x, int rows, int columns, const char *text, struct screen_piece piece[SCREEN_PIECES])
{
    wchar_t wanted[FIND_TEXT], line[FIND_COLUMNS];
    int column[FIND_COLUMNS + 1];

    if (mbstowcs(wanted, text, FIND_TEXT) >= FIND_TEXT)
        return 0;
    for (int row = y; row < y + rows; row++) {
        int count = 0, at = x;
        while (at < x + columns && count < FIND_COLUMNS) {
            struct cell cell = cell_at(row, at);
            column[count] = at;
            line[count++] = cell.text[0];
            at += cell.columns;
        }
        column[count] = at;
        size_t pieces = find_in_row(line, count, wanted, piece);
        for (size_t i = 0; i < pieces; i++)
            piece[i] = (struct screen_piece){row, column[piece[i].from], column[piece[i].to]};
        if (pieces)
            return pieces;
    }
    return 0;
}

void screen_restyle(const struct screen_piece *piece, int style)
{
    for (int x = piece->from; x < piece->to;) {
        struct cell cell = cell_at(piece->y, x);
        theme_set(style);
        mvaddnwstr(piece->y, x, cell.text, -1);
        x += cell.columns;
    }
}

void screen_show_cursor(int y, int x)
{
    curs_set(1);
    move(y, x);
}

void screen_hide_cursor(void)
{
    curs_set(0);
}
