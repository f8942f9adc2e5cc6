/* Writes a manual page in the macros of man(7): text is filled into short lines, and no character of it is taken for
 * roff's own. */
#ifndef HUBSCOPE_SHARE_ROFF_H
#define HUBSCOPE_SHARE_ROFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum roff_font { ROFF_ROMAN = 'R', ROFF_BOLD = 'B', ROFF_ITALIC = 'I' };

enum { ROFF_WORD = 1024 };

struct roff {
    FILE *out;
    size_t column; /* bytes on the current line */
    char word[ROFF_WORD];
    size_t size; /* of the word that is not written yet */
    bool whole;  /* the line is what a macro takes, so it must not be broken */
    enum roff_font font;
};

/* A line of its own: a macro and its argument, quoted, or null.  A macro that takes the next line gets it whole. */
void roff_macro(struct roff *roff, const char *macro, const char *argument);

/* Adds to the current line of text; blanks separate words, which may go to the next line. */
void roff_font(struct roff *roff, enum roff_font font);
void roff_point(struct roff *roff, uint32_t point);
void roff_text(struct roff *roff, const char *text);
void roff_bold(struct roff *roff, const char *text);
void roff_plain(struct roff *roff, const char *text); /* with `code` in bold */
void roff_end(struct roff *roff);                     /* ends the line */

/* One line of an example, as it is; between .EX and .EE. */
void roff_example(struct roff *roff, const char *line, size_t length);

#endif
