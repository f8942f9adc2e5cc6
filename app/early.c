#include "app/early.h"

#include "engine/base/signals.h"
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENVIRONMENT = 4096 }; /* entries; with more, the program is not restarted */

#define THREADS "OPENBLAS_NUM_THREADS="
#define FOUND "HUBSCOPE_FOUND_OPENBLAS_NUM_THREADS="

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

/* The value if `entry` is "NAME=VALUE" for a prefix "NAME=", else null. */
static char *value_of(char *entry, const char *prefix)
{
    while (*prefix && *entry == *prefix) {
        entry++;
        prefix++;
    }
    return *prefix ? NULL : entry;
}

/* Begins the program again with one thread for OpenBLAS, and what was set before under another name; returns if that
 * is so already, or cannot be done. */
static void restart(char **argv, char **environment)
{
    static char *entry[ENVIRONMENT + 2], threads[] = THREADS "1", kept[PATH_MAX] = FOUND, path[PATH_MAX];
    size_t count = 0, length = sizeof FOUND - 1;

    for (; environment[count]; count++) {
        char *value = value_of(environment[count], THREADS);
        if (count == ENVIRONMENT || value_of(environment[count], FOUND) || (value && value[0] == '1' && !value[1]))
            return;
        entry[count] = environment[count];
        for (; value && *value && length < sizeof kept - 1; value++)
            kept[length++] = *value;
        if (value)
            entry[count] = kept;
    }
    if (length == sizeof FOUND - 1)
        entry[count++] = kept;
    entry[count] = threads;
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size > 0)
        execve(path, argv, entry);
}

static void begin(int argc, char **argv, char **environment)
{
    (void)argc;
    restart(argv, environment);
    block_all();
}

/* Functions listed here run before the constructors of any library. */
static void (*const before_libraries)(int, char **, char **) __attribute__((section(".preinit_array"), used)) = begin;

/* Programs that we start find the environment as we found it. */
static void restore_environment(void)
{
    char name[] = FOUND;
    const char *before;

    name[sizeof FOUND - 2] = 0;
    if (!(before = getenv(name)))
        return;
    if (*before)
        setenv("OPENBLAS_NUM_THREADS", before, 1);
    else
        unsetenv("OPENBLAS_NUM_THREADS");
    unsetenv(name);
}

void early_end(void)
{
    restore_environment();
    mask(SIG_SETMASK, &found, NULL);
}
