/* Giving the terminal back from inside a signal handler: only bytes and settings that were prepared
 * beforehand, written with calls that are safe there.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_RESTORE_H
#define HUBSCOPE_UI_TERMINAL_RESTORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct restore {
    bool display; /* false: there is no terminal to give back */
    int descriptor;
    struct termios found, raw;   /* settings before the start, and while it is ours */
    char reset[256], again[256]; /* what is written on leaving and on coming back */
    size_t reset_size, again_size;
};
extern struct restore restore;
extern volatile sig_atomic_t restore_stopped; /* stopped from outside and continued: repaint */

void restore_write(const char *bytes, size_t size);

/* Notes the program's own handlers; arm replaces them, disarm puts them back.  Fatal signals give
 * the terminal back and are then delivered again; SIGTSTP gives it back, stops and takes it again.
 */
void restore_note(void);
void restore_arm(void);
void restore_disarm(void);

#endif
