/* What stands on the screen, cell by cell; shared by terminal_save.c and terminal_svg.c. */
#ifndef HUBSCOPE_UI_TERMINAL_TERMINAL_CELL_H
#define HUBSCOPE_UI_TERMINAL_TERMINAL_CELL_H

#include "engine/base/error.h"

#include <curses.h>
#include <stdio.h>
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

struct cell terminal_cell(int y, int x);

/* The whole screen as SVG.  -1 when memory is out. */
int terminal_write_svg(FILE *out, struct error *error);

#endif
