/* What the explorer would show in this terminal, as far as the environment says: for bug reports.  The terminal is
 * neither asked nor changed; asked, it may promise more. */
#ifndef HUBSCOPE_UI_TERMINAL_GUESS_H
#define HUBSCOPE_UI_TERMINAL_GUESS_H

#include <stdbool.h>

struct guess {
    const char *entry;   /* the description used: TERM, or the program's own; null: there is no TERM */
    const char *colours; /* "none", "8", "256" or "any" */
    const char *images;  /* as --images names them */
    bool known;          /* terminfo knows TERM */
    bool unicode, dark;
};

struct guess guess_terminal(void);

const char *guess_curses(void); /* the version of curses in use */

#endif
