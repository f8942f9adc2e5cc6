/* The contents of the screen, cell by cell.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_CELL_H
#define HUBSCOPE_UI_TERMINAL_CELL_H

#include <curses.h>
#include <wchar.h>

struct look {
    attr_t attributes;
    int foreground, background; /* numbers of the terminal's colours; -1 for the default */
};

struct cell {
    wchar_t text[CCHARW_MAX + 1];
    struct look look;
    int columns; /* 1 or 2 */
};

struct cell cell_at(int y, int x);

#endif
