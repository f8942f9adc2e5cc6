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

/* How many of a row's characters are the text's, or its first few and an ellipsis; 0: it is not there. */
static int match(const wchar_t *row, int count, const wchar_t *text, int length)
{
    enum { CUT_LEAST = 4 };
    int same = 0;

    while (same < length && same < count && row[same] == text[same])
        same++;
    if (same == length)
        return length;
    return same >= CUT_LEAST && same < count && row[same] == (terminal_unicode() ? L'\u2026' : L'~') ? same + 1 : 0;
}

/* Whether the text, with its gaps, is in a row's characters; *from and *end are then its places. */
static bool find_in_row(const wchar_t *row, int count, const wchar_t *text, int *from, int *end)
{
    static const wchar_t gap[] = L" ... ";
    bool begun = false;
    int at = 0;

    while (*text) {
        const wchar_t *next = wcsstr(text, gap);
        int length = next ? (int)(next - text) : (int)wcslen(text), found = 0;
        while (at < count && !(found = match(row + at, count - at, text, length)))
            at++;
        if (!found)
            return false;
        if (!begun)
            *from = at;
        begun = true;
        at += found;
        text += length + (next ? (int)wcslen(gap) : 0);
    }
    *end = at;
    return begun;
}

bool screen_find(int y, int x, int rows, int columns, const char *text, int *row, int *from, int *to)
{
    wchar_t wanted[FIND_TEXT], line[FIND_COLUMNS];
    int column[FIND_COLUMNS + 1];

    if (mbstowcs(wanted, text, FIND_TEXT) >= FIND_TEXT)
        return false;
    for (*row = y; *row < y + rows; ++*row) {
        int count = 0, at = x;
        while (at < x + columns && count < FIND_COLUMNS) {
            struct cell cell = cell_at(*row, at);
            column[count] = at;
            line[count++] = cell.text[0];
            at += cell.columns;
        }
        column[count] = at;
        if (find_in_row(line, count, wanted, from, to)) {
            *from = column[*from];
            *to = column[*to];
            return true;
        }
    }
    return false;
}

void screen_restyle(int y, int from, int to, int style)
{
    while (from < to) {
        struct cell cell = cell_at(y, from);
        theme_set(style);
        mvaddnwstr(y, from, cell.text, -1);
        from += cell.columns;
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
