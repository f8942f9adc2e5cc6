/* The terminal's pen: colours and attributes that what is written next gets.
 *
 * Curses sets both colours and all attributes anew at every change, and between words too.  Rewriting its output keeps
 * what the screen then shows and leaves out what is not seen: colours that are set already, those of characters under
 * spaces, and what follows one upon another.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_PEN_H
#define HUBSCOPE_UI_TERMINAL_PEN_H

#include <stddef.h>

/* Something else wrote to the terminal, so that its pen is not known. */
void pen_forget(void);

/* Rewrites whole sequences and characters, after which the pen is the one that `bytes` leave.  Returns the result,
 * valid until the next call, and its size; null when out of memory, and then the pen is not known. */
const char *pen_rewritten(const char *bytes, size_t size, size_t *rewritten);

void pen_stop(void); /* frees what was rewritten last */

#endif
