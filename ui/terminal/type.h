/* Which terminfo entry to use, and how many colours with it.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_TYPE_H
#define HUBSCOPE_UI_TERMINAL_TYPE_H

#include "engine/base/error.h"
#include "ui/terminal/answers.h"
#include "ui/terminal/colour.h"
#include "ui/terminal/tmux.h"
#include <curses.h>
#include <stdbool.h>
#include <stdio.h>

struct type {
    const char *name;  /* TERM, or the name of the program's own entry; null: there is no TERM */
    const char *entry; /* the program's own, as ncurses takes it from TERMINFO; null: the terminal's own */
    bool unknown;      /* TERM is not a terminal that terminfo knows */
};

/* Whether it is worth asking the terminal: some show the questions. */
bool type_answers(const char *term);

bool type_asks_for_no_colour(void); /* NO_COLOR is set and not empty */

/* Uses the terminal's own entry unless it is unknown or the colours wanted need another.  Colours are those that the
 * user asks for, or else the most that the terminal, its multiplexer, the environment or the answers promise.
 * Without a display TERM need not be set; `tmux` is null outside of it. */
struct type type_choose(enum colour_choice choice, bool display, const struct answers *answers,
                        const struct tmux *tmux);

bool type_is_found(const struct type *type); /* the entry can be read, whatever failed before */

/* -1 with too few free descriptors: ncurses then cannot read the terminal's description, and takes the terminal for an
 * unknown one. */
int type_need_descriptors(struct error *error);

int type_size(const char *name, int otherwise); /* LINES or COLUMNS of the environment, without a display */

/* newterm with that entry, and with the keys that TERM's own describes; null on failure. */
SCREEN *type_start(const struct type *type, FILE *out, FILE *in);

/* Starts the colours of the current screen, as many as the user allows and the entry has. */
enum colour_tier type_start_colours(enum colour_choice choice);

/* The same for an entry that is not started, as the user's environment has it. */
enum colour_tier type_guess_colours(const struct type *type);

#endif
