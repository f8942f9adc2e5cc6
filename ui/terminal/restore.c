#include "ui/terminal/restore.h"

#include <errno.h>
#include <unistd.h>

struct restore restore;
volatile sig_atomic_t restore_stopped;

static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { FATAL = sizeof fatal / sizeof *fatal };
static struct sigaction before[FATAL], before_stop;

void restore_write(const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(restore.descriptor, bytes, size);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
}

/* Async-signal-safe. */
static void leave(void)
{
    if (!restore.display)
        return;
    restore_write(restore.reset, restore.reset_size);
    tcsetattr(restore.descriptor, TCSADRAIN, &restore.found);
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    int saved = errno;
    leave();
    for (int i = 0; i < FATAL; i++)
        if (fatal[i] == number)
            sigaction(number, &before[i], NULL);
    /* A fault recurs on return and is then reported at its place; any other signal is sent again. */
    if (number == SIGABRT || info->si_code <= 0)
        raise(number);
    errno = saved;
}

static void on_stop(int number)
{
    (void)number;
    int saved = errno;
    leave();
    raise(SIGSTOP);
    if (restore.display) {
        tcsetattr(restore.descriptor, TCSADRAIN, &restore.raw);
        restore_write(restore.again, restore.again_size);
    }
    restore_stopped = 1;
    errno = saved;
}

void restore_note(void)
{
    for (int i = 0; i < FATAL; i++)
        sigaction(fatal[i], NULL, &before[i]);
    sigaction(SIGTSTP, NULL, &before_stop);
}

void restore_arm(void)
{
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO};

    sigemptyset(&action.sa_mask);
    for (int i = 0; i < FATAL; i++) {
        sigaction(fatal[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(fatal[i], &action, NULL);
    }
    struct sigaction stop = {.sa_handler = on_stop};
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, NULL);
}

void restore_disarm(void)
{
    for (int i = 0; i < FATAL; i++)
        sigaction(fatal[i], &before[i], NULL);
    sigaction(SIGTSTP, &before_stop, NULL);
}
