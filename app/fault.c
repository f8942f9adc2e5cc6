#include "app/fault.h"

#include "app/fail.h"
#include "engine/base/mapping.h"
#include "engine/base/unfinished.h"
#include "ui/terminal/last_line.h"
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static struct sigaction before;

static struct iovec piece(const char *text)
{
    return (struct iovec){.iov_base = (void *)text, .iov_len = strlen(text)};
}

static void on_bus(int number, siginfo_t *info, void *context)
{
    static atomic_flag reported = ATOMIC_FLAG_INIT;
    const char *path = info->si_code > 0 ? mapping_path(info->si_addr) : NULL;

    (void)context;
    if (!path) { /* a fault recurs on return; any other signal is sent again */
        sigaction(number, &before, NULL);
        if (info->si_code <= 0)
            raise(number);
        return;
    }
    while (atomic_flag_test_and_set(&reported)) /* another thread reports it */
        pause();
    int errors = last_line_errors();
    const struct iovec line[] = {piece(isatty(errors) ? "\r\033[K" : ""), piece("hubscope: "), piece(path),
                                 piece(" changed while it was open\n")};
    (void)!writev(errors, line, sizeof line / sizeof *line);
    unfinished_end();
    _exit(STATUS_FAILURE);
}

void fault_watch(void)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

    sigfillset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
}
