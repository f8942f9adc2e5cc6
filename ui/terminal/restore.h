/* Restoring the terminal from inside a signal handler: only bytes and settings prepared beforehand, written with
 * async-signal-safe calls.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_RESTORE_H
#define HUBSCOPE_UI_TERMINAL_RESTORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct restore {
    bool display;                /* false: there is no terminal to restore */
    int descriptor;              /* of the terminal, of our own */
    int screen;                  /* that on which it is drawn */
    int nowhere;                 /* /dev/null */
    struct termios found, raw;   /* settings before the start, and while the program runs */
    char reset[256], again[256]; /* written on leaving and on coming back */
    size_t reset_size, again_size;
};
extern struct restore restore;
extern volatile sig_atomic_t restore_stopped; /* stopped from outside and continued: repaint */

void restore_open(int descriptor); /* of the terminal that is drawn on */
void restore_close(void);

/* Appends a terminfo string, which may be missing, to `reset` or `again`, without its padding. */
void restore_append(char *buffer, size_t size, size_t *used, const char *string);

/* Writes to the screen; nowhere once a signal in another thread has given the terminal back. */
void restore_write(const char *bytes, size_t size);

void restore_leave(void); /* without curses; async-signal-safe */

/* Makes the descriptor of the screen another name of this one; false if it cannot, or when the process is ending. */
bool restore_draw_on(int descriptor);

/* restore_note records the program's own handlers, arm replaces them, disarm reinstates them.  Every signal that ends
 * the process restores the terminal, in whichever thread it arrives, and is then delivered again; SIGTSTP restores it
 * and stops; SIGCONT takes it over again, also after SIGSTOP. */
void restore_note(void);
void restore_arm(void);
void restore_disarm(void);

#endif
