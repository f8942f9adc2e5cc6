/* An editor of one line of UTF-8 text with readline's keys; the cursor moves by visible characters. */
#ifndef HUBSCOPE_UI_LINE_LINEEDIT_H
#define HUBSCOPE_UI_LINE_LINEEDIT_H

#include "ui/line/history.h"
#include "ui/model/model.h"
#include <stdbool.h>
#include <stddef.h>

struct lineedit {
    char text[MODEL_TEXT];   /* well-formed UTF-8 without control characters */
    size_t length, cursor;   /* bytes; the cursor is at the start of a character */
    size_t first;            /* first byte that the field shows */
    char killed[MODEL_TEXT]; /* text cut by Ctrl-K, Ctrl-U, Ctrl-W and so on, for Ctrl-Y */
    struct history *history; /* borrowed; null: Up and Down are not handled */
};

enum lineedit_result { LINEEDIT_NOT_MINE, LINEEDIT_MOVED, LINEEDIT_CHANGED };

/* Sets the text, cleaned and cut to fit; the cursor goes to the end. */
void lineedit_set(struct lineedit *line, const char *text);
enum lineedit_result lineedit_key(struct lineedit *line, const char *key);
/* Inserts as much as fits, with control characters as spaces. */
void lineedit_insert(struct lineedit *line, const char *text);

/* Scrolls the cursor into a field `columns` wide and returns its column there. */
int lineedit_scroll(struct lineedit *line, int columns);
void lineedit_click(struct lineedit *line, int column); /* moves the cursor to a column of the field */

#endif
