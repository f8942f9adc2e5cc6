/* To be preloaded: during call number SLOW_AT (from 1) of SLOW_CALL, fsync or renameat2, the process is sent the signal
 * number SLOW_SIGNAL; if it lives on, the call goes on a fifth of a second later.  With SLOW_NAMED no file can be made
 * without a name, as on some file systems. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void delay(const char *call)
{
    static atomic_long count;
    const struct timespec time = {.tv_nsec = 200000000};
    const char *wanted = getenv("SLOW_CALL"), *at = getenv("SLOW_AT"), *number = getenv("SLOW_SIGNAL");

    if (!wanted || !at || !number || strcmp(call, wanted) != 0 || atomic_fetch_add(&count, 1) + 1 != atol(at))
        return;
    kill(getpid(), atoi(number));
    nanosleep(&time, NULL);
}

int fsync(int file)
{
    delay("fsync");
    return (int)syscall(SYS_fsync, file);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    delay("renameat2");
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if ((flags & O_TMPFILE) == O_TMPFILE && getenv("SLOW_NAMED")) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
