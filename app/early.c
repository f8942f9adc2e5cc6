#include "app/early.h"

#include "engine/base/signals.h"
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* Functions listed here run before the constructors of any library. */
static void (*const before_libraries)(void) __attribute__((section(".preinit_array"), used)) = block_all;

void early_end(void)
{
    mask(SIG_SETMASK, &found, NULL);
}
