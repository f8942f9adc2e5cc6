#include "tests/mutate/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_S = 120, CPU_S = 20, SANITIZER = 99, ARGUMENTS = 32 };

int program_main(int argc, char **argv); /* main of app/main.c */

/* A sanitizer's options: what it finds, undefined behaviour as SIGILL, is never taken for hubscope's own exit status.
 * Each run is a fork, to which a long memory of what was freed before is only a burden. */
#define OPTIONS "exitcode=99:allocator_may_return_null=1:abort_on_error=0:handle_sigill=1:quarantine_size_mb=8"
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return OPTIONS;
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return OPTIONS;
}

static void become(const char *const *arguments, int out, int err)
{
    char *argv[ARGUMENTS + 2] = {(char[]){"hubscope"}};
    int argc = 1;

    for (; arguments[argc - 1] && argc <= ARGUMENTS; argc++)
        argv[argc] = strdup(arguments[argc - 1]);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setrlimit(RLIMIT_CPU, &(struct rlimit){CPU_S, CPU_S + 1});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    int in = open("/dev/null", O_RDONLY);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    closefrom(STDERR_FILENO + 1);
    int status = program_main(argc, argv);
    for (int i = 1; i < argc; i++)
        free(argv[i]);
    exit(status);
}

/* False if the child had to be killed. */
static bool wait_for(pid_t child, int *status)
{
    int handle = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd end = {.fd = handle, .events = POLLIN};
    int ready = 1;

    while (handle >= 0 && (ready = poll(&end, 1, DEADLINE_S * 1000)) < 0 && errno == EINTR)
        ;
    bool ended = ready == 1;
    if (!ended)
        kill(child, SIGKILL);
    if (handle >= 0)
        close(handle);
    waitpid(child, status, 0);
    return ended;
}

static char *content(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *text = calloc((size_t)size + 1, 1);

    if (!text || pread(fd, text, (size_t)size, 0) != size)
        abort();
    close(fd);
    return text;
}

void program_start(struct program_run *run, const char *const *arguments)
{
    int out = memfd_create("out", 0), err = memfd_create("err", 0), status = 0;

    fflush(NULL);
    pid_t child = fork();
    if (child < 0 || out < 0 || err < 0)
        abort();
    if (child == 0)
        become(arguments, out, err);
    run->hung = !wait_for(child, &status);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    run->out = content(out);
    run->err = content(err);
}

void program_release(struct program_run *run)
{
    free(run->out);
    free(run->err);
    *run = (struct program_run){0};
}

bool program_crashed(const struct program_run *run)
{
    return run->status >= SANITIZER || strstr(run->err, "Sanitizer");
}
