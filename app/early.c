#include "app/early.h"

#include "engine/base/signals.h"
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENVIRONMENT = 4096 }; /* entries; with more, the program is not restarted */

static char one_thread[] = "OPENBLAS_NUM_THREADS=1";
static char *lent; /* the entry of the environment in whose place that stands */

static sigset_t found;

/* A bare system call: no library is initialised yet. */
static void mask(int how, const sigset_t *set, sigset_t *before)
{
    syscall(SYS_rt_sigprocmask, how, set, before, (size_t)8);
}

static void block_all(void)
{
    sigset_t others;

    signals_of_others(&others);
    mask(SIG_SETMASK, &others, &found);
}

static bool starts_with(const char *entry, const char *name)
{
    while (*name && *entry == *name) {
        entry++;
        name++;
    }
    return !*name;
}

/* Puts the setting in the place of an entry that no library reads while it loads, as there is no room for one more. */
static bool set_threads(char **environment)
{
    static const char *const names[] = {"OPENBLAS_NUM_THREADS=", "_=", "OLDPWD=", "SHLVL="};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (char **entry = environment; *entry; entry++)
            if (starts_with(*entry, names[i])) {
                lent = *entry;
                *entry = one_thread;
                return true;
            }
    return false;
}

/* Begins the program again with an entry for set_threads; returns if that cannot be done. */
static void restart(char **argv, char **environment)
{
    static char *entry[ENVIRONMENT + 2], place[] = "_=hubscope", path[PATH_MAX];
    size_t count = 0;

    for (; count < ENVIRONMENT && environment[count]; count++)
        entry[count] = environment[count];
    entry[count] = place;
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size > 0 && !environment[count])
        execve(path, argv, entry);
}

static void begin(int argc, char **argv, char **environment)
{
    (void)argc;
    if (!set_threads(environment))
        restart(argv, environment);
    block_all();
}

/* Functions listed here run before the constructors of any library. */
static void (*const before_libraries)(int, char **, char **) __attribute__((section(".preinit_array"), used)) = begin;

/* Programs that we start find the environment as it was. */
static void restore_environment(void)
{
    for (char **entry = environ; lent && entry && *entry; entry++)
        if (*entry == one_thread)
            *entry = lent;
}

void early_end(void)
{
    restore_environment();
    mask(SIG_SETMASK, &found, NULL);
}
