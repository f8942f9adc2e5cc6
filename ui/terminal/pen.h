/* The terminal's pen: colours and attributes that what is written next gets.
 *
 * Curses sets both colours and all attributes anew at every change, and between words too.  Rewriting its output keeps
 * what the screen then shows and leaves out what is not seen: colours that are set already, those of characters under
 * spaces, and what follows one upon another.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_PEN_H
#define HUBSCOPE_UI_TERMINAL_PEN_H

#include <stdbool.h>
#include <stddef.h>

enum { PEN_BOLD = 1, PEN_DIM = 2, PEN_ITALIC = 4, PEN_UNDERLINE = 8, PEN_REVERSE = 16 };
enum { PEN_DEFAULT = -1, PEN_ANY_COLOUR = 1 << 24 }; /* colours: an index of the palette, or that and 0xRRGGBB */
enum { PEN_CHANGE = 100 };                           /* bytes: more than the longest change takes */

struct pen_style {
    bool known; /* false: what the terminal has is not */
    unsigned attributes;
    int foreground, background;
    char set; /* of characters, as in ESC ( B; 0: not known */
};

/* Something else wrote to the terminal, so that its pen is not known. */
void pen_forget(void);

/* Rewrites whole sequences and characters, after which the pen is the one that `bytes` leave.  Returns the result,
 * valid until the next call, and its size; null when out of memory, and then the pen is not known. */
const char *pen_rewritten(const char *bytes, size_t size, size_t *rewritten);

/* The terminal's pen before those bytes and after them. */
const struct pen_style *pen_before(void);
const struct pen_style *pen_after(void);

/* Writes the shortest sequence that changes colours and attributes, and its end; returns its size: 0 if none change. */
size_t pen_change(const struct pen_style *from, const struct pen_style *to, char text[PEN_CHANGE]);

void pen_stop(void); /* frees what was rewritten last */

#endif
