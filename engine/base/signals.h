/* Signals of threads. */
#ifndef HUBSCOPE_ENGINE_BASE_SIGNALS_H
#define HUBSCOPE_ENGINE_BASE_SIGNALS_H

#include <signal.h>

/* All signals that threads of work block, so that they go to the program's own thread: all but those that a thread's
 * own fault raises.  A fault whose signal is blocked kills the process without calling the handler. */
void signals_of_others(sigset_t *set);

/* Blocks them in the calling thread, for the threads that it is about to start; *before is the mask to set again. */
void signals_block(sigset_t *before);

/* Gives the calling thread a stack of its own for handlers with SA_ONSTACK, which then run when its own has overflowed;
 * keeps one that it has already. */
void signals_take_stack(void);

#endif
