#include "ui/terminal/last_line.h"

#include "ui/terminal/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int kept = -1; /* standard error, between the calls */
static struct sigaction before;

static void print(void)
{
    static const char line[] = "hubscope: out of memory\n";

    if (kept < 0)
        return;
    restore_leave();
    (void)!write(kept, line, sizeof line - 1);
    kept = -1;
}

/* A fault with another cause recurs on return. */
static void on_fault(int number)
{
    if (errno == ENOMEM) {
        print();
        _exit(EXIT_FAILURE);
    }
    sigaction(number, &before, NULL);
}

void last_line_begin(void)
{
    static bool registered;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct sigaction action = {.sa_handler = on_fault};

    if (!registered)
        registered = !atexit(print);
    kept = nowhere < 0 || !registered ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (kept >= 0) {
        dup2(nowhere, STDERR_FILENO);
        sigemptyset(&action.sa_mask);
        sigaction(SIGSEGV, &action, &before);
    }
    if (nowhere >= 0)
        close(nowhere);
    errno = 0;
}

void last_line_end(void)
{
    int reason = errno, errors = kept;

    if (errors < 0)
        return;
    dup2(errors, STDERR_FILENO);
    kept = -1;
    close(errors);
    sigaction(SIGSEGV, &before, NULL);
    errno = reason;
}

int last_line_errors(void)
{
    int errors = kept;

    return errors < 0 ? STDERR_FILENO : errors;
}
