#include "ui/terminal/last_line.h"

#include "ui/terminal/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static int errors = -1, nowhere = -1; /* standard error, and /dev/null; kept as every new colour pair is bracketed */
static atomic_bool between;
static struct sigaction before;

static void print(void)
{
    static const char line[] = "hubscope: out of memory\n";

    if (!between)
        return;
    restore_leave();
    (void)!write(errors, line, sizeof line - 1);
    between = false;
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

static bool open_both(void)
{
    static bool registered;

    if (!registered)
        registered = !atexit(print);
    if (nowhere < 0)
        nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (errors < 0 && nowhere >= 0)
        errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    return registered && errors >= 0;
}

void last_line_begin(void)
{
    struct sigaction action = {.sa_handler = on_fault};

    if (!between && open_both()) {
        between = true;
        dup2(nowhere, STDERR_FILENO);
        sigemptyset(&action.sa_mask);
        sigaction(SIGSEGV, &action, &before);
    }
    errno = 0;
}

void last_line_end(void)
{
    int reason = errno;

    if (!between)
        return;
    dup2(errors, STDERR_FILENO);
    between = false;
    sigaction(SIGSEGV, &before, NULL);
    errno = reason;
}

void last_line_close(void)
{
    last_line_end();
    close(errors);
    close(nowhere);
    errors = nowhere = -1;
}

int last_line_errors(void)
{
    return between ? errors : STDERR_FILENO;
}
