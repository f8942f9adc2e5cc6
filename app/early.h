/* What happens before the program's libraries load, as OpenBLAS starts its threads then.  We use none of them: the
 * engine's pool is what works in parallel.  They cost address space (with little of it OpenBLAS hangs when the program
 * ends), and take signals: one sent to the process would reach one of them half the time and wake nobody, so that a new
 * window size would go unnoticed, and a stop that arrives while ncurses ignores it would be lost.
 *
 * So the program begins again with OPENBLAS_NUM_THREADS=1, which OpenBLAS reads while it loads.  Where that fails (no
 * /proc), signals are blocked until main begins, and the threads inherit that. */
#ifndef HUBSCOPE_APP_EARLY_H
#define HUBSCOPE_APP_EARLY_H

/* main calls this first: the calling thread takes signals again, and the environment is as the user set it. */
void early_end(void);

#endif
