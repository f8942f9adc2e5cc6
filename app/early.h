/* What happens before the program's libraries load, as OpenBLAS starts its threads then.  We use none of them: the
 * engine's pool is what works in parallel.  They cost address space (with little of it OpenBLAS hangs when the program
 * ends), and take signals: one sent to the process would reach one of them half the time and wake nobody, so that a new
 * window size would go unnoticed, and a stop that arrives while ncurses ignores it would be lost.
 *
 * So OpenBLAS, which looks at the environment while it loads, finds OPENBLAS_NUM_THREADS=1 there.  Where that cannot be
 * arranged, signals are blocked until main begins, and its threads inherit that. */
#ifndef HUBSCOPE_APP_EARLY_H
#define HUBSCOPE_APP_EARLY_H

/* main calls this first: the calling thread takes signals again, and the environment is as the user set it. */
void early_end(void);

#endif
