/* tmux between the program and the terminal: what it says of that terminal, and sequences that it hands on to it.
 * Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_TMUX_H
#define HUBSCOPE_UI_TERMINAL_TMUX_H

#include <stdbool.h>
#include <stddef.h>

enum { TMUX_NAME = 64, TMUX_REPLY = 512 };

struct tmux {
    bool colours;         /* it hands on any colour */
    bool passes;          /* it hands on what is wrapped for that: the user has set allow-passthrough */
    bool moved;           /* its window is larger than the terminal, so that the place of the pane is not known */
    int top, left;        /* where the pane begins on the terminal */
    char name[TMUX_NAME]; /* of the terminal, as XTVERSION gives it; "" if unknown */
};

/* Asks for all of that and waits for 300 ms at most; what is not answered is false, 0 or empty. */
void tmux_ask(struct tmux *tmux);
void tmux_read(struct tmux *tmux, const char *reply); /* the answer to that question */

/* For the terminal's background, which tmux names itself only from 3.4 on: it hands that on if `passes`, but drops it
 * while it redraws, as after a change to the alternate screen. */
extern const char tmux_background_question[];

/* With `wrapped`, all that is passed from now on is wrapped for tmux; else it is sent as it is. */
void tmux_wrap(bool wrapped);

/* Sends sequences to the terminal.  They must be whole from a begin to its end. */
void tmux_pass_begin(void);
void tmux_pass(const char *bytes, size_t size);
void tmux_pass_end(void);

/* Replaces a short sequence by what sends it to the terminal; false if there is no room. */
bool tmux_wrapped(char *sequence, size_t room);

#endif
