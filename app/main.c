#include "app/command.h"
#include "app/early.h"
#include "app/fail.h"
#include "app/help.h"
#include "app/output.h"
#include "engine/fitting/fit.h"
#include "engine/base/pool.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A descriptor 0, 1 or 2 that was closed would be given to the next file opened: hold its place. */
static void hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) {
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
}

/* jansson reports no failed allocation from the middle of a tree: ending here is clearer than a report with holes. */
static void *checked_malloc(size_t size)
{
    void *block = malloc(size);
    if (!block) {
        exit(fail_text("out of memory"));
    }
    return block;
}

/* Whether everything printed arrived; a reader that went away is no failure worth a line. */
static int finish(int status)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) != 0 || failed) {
        if (errno == EPIPE) {
            return STATUS_FAILURE;
        }
        if (status == STATUS_OK) {
            return fail_text("cannot write to standard output: %s", errno ? strerror(errno) : "write error");
        }
    }
    return status;
}

static int run_help(int argc, char **argv)
{
    if (argc < 3) {
        help_all(stdout);
        return STATUS_OK;
    }
    const struct command *command = command_find(argv[2]);
    if (!command) {
        return fail_usage(NULL, "unknown command '%s'", argv[2]);
    }
    help_command(stdout, command);
    return STATUS_OK;
}

static int run(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "";
    if (strcmp(first, "help") == 0) {
        return run_help(argc, argv);
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        help_all(stdout);
        return STATUS_OK;
    }
    const struct command *command = command_find(first);
    if (command) {
        argv++;
        argc--;
    } else if (argc > 2 && *first != '-' && !strchr(first, '/') && strcmp(first, "sample") != 0 && access(first, F_OK)) {
        return fail_usage(NULL, "unknown command '%s', and no collection is there", first);
    } else {
        command = command_default;
    }
    struct options options;
    int status = options_parse(&options, command, argc, argv);
    if (status >= 0) {
        return status;
    }
    pool_set_workers(options.threads);
    fit_set_memory(options.memory);
    status = output_begin(&options);
    return status < 0 ? output_end(command->run(&options)) : status;
}

int main(int argc, char **argv)
{
    early_end();
    hold_standard_streams();
    /* Characters as the user has them; numbers always with a point. */
    setlocale(LC_CTYPE, "");
    json_set_alloc_funcs(checked_malloc, free);
    return finish(run(argc, argv));
}
