/* The cells of the screen.  Changes show from the next terminal_refresh on; those outside the screen are ignored. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREEN_H
#define HUBSCOPE_UI_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum {
    SCREEN_MARKS = 4, /* combining marks that a cell holds besides its character */
    SCREEN_PIECES = 8 /* of a text that is looked for */
};

/* Columns [from, to) of a row. */
struct screen_piece {
    int y, from, to;
};

void screen_clear(void);

/* Puts characters in a style (ui/terminal/theme.h), each followed by its combining marks. */
void screen_put(int y, int x, int style, const wchar_t *text, int length);
/* The same narrow character in a row of cells. */
void screen_repeat(int y, int x, int columns, int style, wchar_t symbol);
/* In the foreground of one style over that of another. */
void screen_put_over(int y, int x, int above, int below, wchar_t symbol);
/* In two colours (0xRRGGBB; -1 for the default), as pictures are. */
void screen_put_coloured(int y, int x, wchar_t symbol, int foreground, int background, bool bold);

/* Finds a text in rows [y, y + rows) and columns [x, x + columns), as whole words and numbers.  " ... " in it stands
 * for anything between the pieces on its left and on its right, and the screen may cut what is on either side.
 * Returns how many pieces the first row that has it shows, and where; 0 if none does. */
size_t screen_find(int y, int x, int rows, int columns, const char *text, struct screen_piece piece[SCREEN_PIECES]);
/* Draws a piece anew in another style. */
void screen_restyle(const struct screen_piece *piece, int style);

/* Places the cursor and shows it, or hides it. */
void screen_show_cursor(int y, int x);
void screen_hide_cursor(void);

#endif
