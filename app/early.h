/* Signals are blocked while the program's libraries are loaded: OpenBLAS starts its threads then, and they inherit
 * that. A signal sent to the process would else reach one of them half of the time, where it wakes nobody: a window's
 * new size would go unnoticed, and a stop would be lost that comes while ncurses ignores it. */
#ifndef HUBSCOPE_APP_EARLY_H
#define HUBSCOPE_APP_EARLY_H

void early_end(void); /* the first thing that main does: the calling thread takes signals again */

#endif
