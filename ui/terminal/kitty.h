/* Pictures in pixels by kitty's protocol.  A picture is uploaded once; the cells that show it hold placeholders, which
 * curses moves, covers and repaints like all others. */
#ifndef HUBSCOPE_UI_TERMINAL_KITTY_H
#define HUBSCOPE_UI_TERMINAL_KITTY_H

#include "engine/pictures/picture.h"
#include <stdbool.h>
#include <stddef.h>

enum { KITTY_CELLS = 64 }; /* the most rows or columns of a picture */

bool kitty_start(bool direct); /* with colours of 24 bits, or of a palette; false if it cannot start */
void kitty_stop(void);         /* the terminal forgets all pictures */
/* For signal handlers: what makes newer kittys forget them. */
void kitty_sequence(char *buffer, size_t size);
void kitty_cell(int rows, int columns); /* the size of a cell in pixels */
void kitty_lost(void);                  /* the terminal may have forgotten them */
void kitty_clear(void);                 /* a new screen is being drawn */
void kitty_show(void);                  /* after curses has shown the screen: uploads what is missing */

/* False if it cannot be. */
bool kitty_put(int y, int x, int rows, int columns, const struct picture *picture, int frame);

#endif
