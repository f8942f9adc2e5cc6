/* Text for the screen: character by character, each with its marks and its width. */
#ifndef HUBSCOPE_UI_DRAW_PIECE_H
#define HUBSCOPE_UI_DRAW_PIECE_H

#include "ui/terminal/screen.h"
#include <stdbool.h>
#include <wchar.h>

/* A character with its combining marks, or its substitute where only ASCII can be shown. */
struct piece {
    wchar_t text[1 + SCREEN_MARKS];
    int length, columns;
};

/* The next piece of clean text at *text, which it advances; false at the end. */
bool piece_next(const char **text, struct piece *piece);

#endif
