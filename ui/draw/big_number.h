/* Numbers in digits three rows high, to be read from afar. */
#ifndef HUBSCOPE_UI_DRAW_BIG_NUMBER_H
#define HUBSCOPE_UI_DRAW_BIG_NUMBER_H

#include "ui/draw/rect.h"

enum { BIG_NUMBER_ROWS = 3 };

/* Columns that digits, points and minus signs take. */
int big_number_columns(const char *text);
/* Draws them from column x on; where there are no half blocks, in one row of ordinary digits. */
void big_number_draw(struct rect r, int y, int x, int style, const char *text);

#endif
