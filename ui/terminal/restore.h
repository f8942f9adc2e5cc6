/* Restoring the terminal from inside a signal handler: only bytes and settings prepared beforehand, written with
 * async-signal-safe calls.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_RESTORE_H
#define HUBSCOPE_UI_TERMINAL_RESTORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct restore {
    bool display; /* false: there is no terminal to restore */
    int descriptor;
    struct termios found, raw;   /* settings before the start, and while the program runs */
    char reset[256], again[256]; /* written on leaving and on coming back */
    size_t reset_size, again_size;
};
extern struct restore restore;
extern volatile sig_atomic_t restore_stopped; /* stopped from outside and continued: repaint */

void restore_write(const char *bytes, size_t size);

/* restore_note records the program's own handlers, arm replaces them, disarm reinstates them.  Fatal signals restore
 * the terminal and are then delivered again; SIGTSTP restores it, stops, and takes it over again when continued. */
void restore_note(void);
void restore_arm(void);
void restore_disarm(void);

#endif
