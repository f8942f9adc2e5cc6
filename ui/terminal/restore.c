#include "ui/terminal/restore.h"

#include "engine/base/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct restore restore;
volatile sig_atomic_t restore_stopped;

static struct sigaction before[NSIG];
static struct sigaction before_stop, before_continue;
static atomic_bool ending;

/* Whether a signal ends the process unless it is handled. */
static bool ends(int number)
{
    static const int others[] = {SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD, SIGURG, SIGWINCH};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == number)
            return false;
    return true;
}

void restore_open(int descriptor)
{
    restore.screen = descriptor;
    restore.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    restore.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    restore.display = true;
}

void restore_close(void)
{
    if (!restore.display)
        return;
    restore.display = false;
    close(restore.descriptor);
    close(restore.nowhere);
}

void restore_append(char *buffer, size_t size, size_t *used, const char *string)
{
    if (!string || string == (char *)-1)
        return;
    while (*string && *used + 1 < size) {
        const char *end = string[0] == '$' && string[1] == '<' ? strchr(string, '>') : NULL;
        if (end)
            string = end + 1;
        else
            buffer[(*used)++] = *string++;
    }
}

static void write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(descriptor, bytes, size);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
}

void restore_write(const char *bytes, size_t size)
{
    write_all(restore.screen, bytes, size);
}

bool restore_draw_on(int descriptor)
{
    if (dup2(descriptor, restore.screen) < 0)
        return false;
    if (!atomic_load(&ending)) /* asked afterwards: a signal's handler may have come between */
        return true;
    dup2(restore.nowhere, restore.screen);
    return false;
}

void restore_leave(void)
{
    if (!restore.display)
        return;
    write_all(restore.descriptor, restore.reset, restore.reset_size);
    tcsetattr(restore.descriptor, TCSADRAIN, &restore.found);
}

/* A fault recurs on return and is then reported at its place; any other signal is sent again. */
static bool recurs(int number, const siginfo_t *info)
{
    return info->si_code > 0 && (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    int saved = errno;
    while (atomic_exchange(&ending, true)) /* another thread ends the process */
        pause();
    if (restore.display)
        dup2(restore.nowhere, restore.screen); /* what other threads still draw is lost */
    restore_leave();
    sigaction(number, &before[number], NULL);
    if (!recurs(number, info))
        raise(number);
    errno = saved;
}

static void on_stop(int number)
{
    (void)number;
    int saved = errno;
    restore_leave();
    raise(SIGSTOP);
    errno = saved;
}

/* Also after a stop that could not be handled, when a shell has set its own mode. */
static void on_continue(int number)
{
    (void)number;
    int saved = errno;
    if (restore.display) {
        tcsetattr(restore.descriptor, TCSADRAIN, &restore.raw);
        write_all(restore.descriptor, restore.again, restore.again_size);
    }
    restore_stopped = 1;
    errno = saved;
}

void restore_note(void)
{
    for (int i = 1; i < NSIG; i++)
        if (ends(i))
            sigaction(i, NULL, &before[i]);
    sigaction(SIGTSTP, NULL, &before_stop);
    sigaction(SIGCONT, NULL, &before_continue);
}

void restore_arm(void)
{
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    atomic_store(&ending, false);
    signals_take_stack();
    restore_note();
    sigfillset(&action.sa_mask);
    for (int i = 1; i < NSIG; i++)
        if (ends(i) && before[i].sa_handler != SIG_IGN)
            sigaction(i, &action, NULL);
    struct sigaction stop = {.sa_handler = on_stop}, resume = {.sa_handler = on_continue};
    sigemptyset(&stop.sa_mask);
    sigemptyset(&resume.sa_mask);
    sigaction(SIGTSTP, &stop, NULL);
    sigaction(SIGCONT, &resume, NULL);
}

void restore_disarm(void)
{
    for (int i = 1; i < NSIG; i++)
        if (ends(i))
            sigaction(i, &before[i], NULL);
    sigaction(SIGTSTP, &before_stop, NULL);
    sigaction(SIGCONT, &before_continue, NULL);
}
