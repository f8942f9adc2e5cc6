#include "engine/base/signals.h"

#include <stddef.h>

void signals_of_others(sigset_t *set)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};

    sigfillset(set);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(set, faults[i]);
}

void signals_block(sigset_t *before)
{
    sigset_t set;

    signals_of_others(&set);
    pthread_sigmask(SIG_SETMASK, &set, before);
}

void signals_take_stack(void)
{
    enum { SIZE = 1 << 15 };
    static _Thread_local char space[SIZE];
    const stack_t stack = {.ss_sp = space, .ss_size = SIZE};
    stack_t present;

    if (sigaltstack(NULL, &present) == 0 && present.ss_flags & SS_DISABLE)
        sigaltstack(&stack, NULL);
}
