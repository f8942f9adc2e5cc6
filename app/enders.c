#include "app/enders.h"

#include "engine/base/unfinished.h"
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

const int enders[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,   SIGXCPU, SIGPIPE,
                      SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, 0};

static pid_t program;

void enders_end(int number)
{
    if (getpid() == program) /* not in a child, before it runs another */
        unfinished_end();
    signal(number, SIG_DFL);
    raise(number);
}

void enders_watch(void)
{
    struct sigaction action = {.sa_handler = enders_end}, before;

    program = getpid();
    sigfillset(&action.sa_mask);
    for (size_t i = 0; enders[i]; i++)
        if (sigaction(enders[i], NULL, &before) || before.sa_handler != SIG_IGN)
            sigaction(enders[i], &action, NULL);
}
