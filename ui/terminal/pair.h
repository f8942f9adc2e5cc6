/* Pairs of a foreground and a background, as curses numbers them.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_PAIR_H
#define HUBSCOPE_UI_TERMINAL_PAIR_H

#include "ui/terminal/colour.h"

/* Forgets all pairs; with TIER_NONE there are none until it is called again. */
void pair_start(enum colour_tier tier);

/* A pair of the terminal's nearest colours to two RGB colours (-1: the default colour); 0 without colours.  A reserved
 * pair is never recycled: these are for themes, the others for pictures and charts. */
int pair_of(int foreground, int background);
int pair_reserve(int foreground, int background);

/* One of the terminal's own colours over the default background: kitty's placeholders mean something by its number. */
int pair_of_number(int foreground);

#endif
