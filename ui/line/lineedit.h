/* One line of text under a cursor, edited with readline's keys.  UTF-8; moves by characters as the
 * eye counts them. */
#ifndef HUBSCOPE_UI_LINE_LINEEDIT_H
#define HUBSCOPE_UI_LINE_LINEEDIT_H

#include "ui/line/history.h"
#include "ui/model/model.h"
#include <stdbool.h>
#include <stddef.h>

struct lineedit {
    char text[MODEL_TEXT];   /* well-formed UTF-8 without control characters */
    size_t length, cursor;   /* bytes; the cursor stands on the start of a character */
    size_t first;            /* byte that the field shows first */
    char killed[MODEL_TEXT]; /* what Ctrl-K, Ctrl-U, Ctrl-W and so on took, for Ctrl-Y */
    struct history *history; /* borrowed; null: Up and Down are not taken */
};

enum lineedit_result { LINEEDIT_NOT_MINE, LINEEDIT_MOVED, LINEEDIT_CHANGED };

/* Cleaned and cut to fit; the cursor goes to the end. */
void lineedit_set(struct lineedit *line, const char *text);
enum lineedit_result lineedit_key(struct lineedit *line, const char *key);
/* As much as fits, control characters as spaces. */
void lineedit_insert(struct lineedit *line, const char *text);

/* Makes the cursor visible in a field `columns` wide and returns its column in it. */
int lineedit_scroll(struct lineedit *line, int columns);
void lineedit_click(struct lineedit *line, int column); /* cursor to a column of the field */

#endif
