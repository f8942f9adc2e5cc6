#include "ui/terminal/screen.h"

#include "ui/terminal/kitty.h"
#include "ui/terminal/pair.h"
#include "ui/terminal/pixels.h"
#include "ui/terminal/theme.h"

#include <curses.h>

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

void screen_show_cursor(int y, int x)
{
    curs_set(1);
    move(y, x);
}

void screen_hide_cursor(void)
{
    curs_set(0);
}
