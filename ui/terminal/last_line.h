/* Curses, where it cannot allocate something, prints a line of its own and ends the program, or uses what it did not
 * get.  Between these calls, around those of curses that allocate, the program leaves the screen and prints a line of
 * ours instead. */
#ifndef HUBSCOPE_UI_TERMINAL_LAST_LINE_H
#define HUBSCOPE_UI_TERMINAL_LAST_LINE_H

/* What goes to standard error in between is discarded, but for what is written to last_line_errors(). */
void last_line_begin(void);
void last_line_end(void); /* idempotent; keeps errno */

/* Ends it and closes what the first begin opened. */
void last_line_close(void);

/* Where a signal handler of any thread writes: standard error as it was before. */
int last_line_errors(void);

#endif
