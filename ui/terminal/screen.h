/* The cells of the screen.  What is put there shows from the next terminal_refresh on; what lies outside is lost. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREEN_H
#define HUBSCOPE_UI_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <wchar.h>

enum { SCREEN_MARKS = 4 }; /* combining marks that a cell holds besides its character */

void screen_clear(void);

/* Characters in a style (ui/terminal/theme.h), each followed by the marks that combine with it. */
void screen_put(int y, int x, int style, const wchar_t *text, int length);
/* The same narrow character in a row of cells. */
void screen_repeat(int y, int x, int columns, int style, wchar_t symbol);
/* In the foreground of one style upon that of another. */
void screen_put_over(int y, int x, int above, int below, wchar_t symbol);
/* In two colours (0xRRGGBB; -1 for the default), as pictures are. */
void screen_put_coloured(int y, int x, wchar_t symbol, int foreground, int background, bool bold);

/* Where the cursor stands, while it is to be seen. */
void screen_show_cursor(int y, int x);
void screen_hide_cursor(void);

#endif
