/* Blocks signals while the program's libraries load: OpenBLAS starts its threads then, and they inherit the mask.  A
 * signal sent to the process would otherwise reach one of them half the time and wake nobody: a new window size would
 * go unnoticed, and a stop that arrives while ncurses ignores it would be lost. */
#ifndef HUBSCOPE_APP_EARLY_H
#define HUBSCOPE_APP_EARLY_H

void early_end(void); /* main calls this first: the calling thread takes signals again */

#endif
