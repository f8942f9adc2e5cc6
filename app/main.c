#include "app/command.h"
#include "app/complete.h"
#include "app/enders.h"
#include "app/fail.h"
#include "app/fault.h"
#include "app/given.h"
#include "app/global.h"
#include "app/help.h"
#include "app/output.h"
#include "app/processes.h"
#include "app/version.h"
#include "engine/base/crew.h"
#include "engine/base/item.h"
#include "engine/base/library.h"
#include "engine/base/memory.h"
#include "engine/base/nearest.h"
#include "engine/base/pool.h"
#include "engine/base/text.h"
#include "engine/collection/staging.h"
#include "engine/fitting/fit.h"
#include "ui/terminal/terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The next file opened would get a standard descriptor that is closed: occupy it. */
static void hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Ends the process, without the libraries' own ends where these would wait for the loader. */
static _Noreturn void leave(int status)
{
    if (!library_stuck())
        exit(status);
    terminal_abandon();
    fflush(NULL);
    _exit(status);
}

/* The user's character encoding, but always a decimal point.  A locale that the system lacks leaves plain ASCII; tried
 * twice, as a lack of memory may look the same. */
static int set_encoding(struct error *error)
{
    errno = 0;
    if (setlocale(LC_CTYPE, "") || (errno != ENOMEM && setlocale(LC_CTYPE, "")))
        return 0;
    return errno == ENOMEM ? error_memory(error) : 0;
}

/* A thread whose stack overflows cannot report it. */
static int need_stack(struct error *error)
{
    enum { LEAST = 256 << 10 };
    struct rlimit limit;

    if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= LEAST)
        return 0;
    return error_set(error, ERROR_SYSTEM, "stacks are limited to %llu kB and %d are needed: raise 'ulimit -s'",
                     (unsigned long long)limit.rlim_cur / 1024, LEAST / 1024);
}

/* jansson does not report every failed allocation: exiting is better than a report with holes.  Nothing half made
 * stays. */
static void *checked_malloc(size_t size)
{
    void *block = malloc(size);
    struct error error = {0};
    if (!block) {
        error_memory(&error);
        terminal_abandon();
        staging_abandon_all();
        output_end(false, NULL);
        processes_abandon();
        leave(fail(&error, NULL));
    }
    return block;
}

/* The exit status, a failure if standard output could not be written, or with the wrong words; without a message if its
 * reader went away. */
static int finish(int status)
{
    struct error error = {0};
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed) {
        if (status != STATUS_OK || !item_text_was_lacking())
            return status;
        error_memory(&error);
        return fail(&error, NULL);
    }
    if (errno == EPIPE)
        return STATUS_FAILURE;
    if (status != STATUS_OK)
        return status;
    error_set(&error, ERROR_SYSTEM, "cannot write to standard output: %s", errno ? strerror(errno) : "write error");
    return fail(&error, NULL);
}

/* Whether one of the words is the beginning of the other, which says too little with a letter or two. */
static bool begin_alike(const char *a, const char *b)
{
    size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return length >= 3 && strncmp(a, b, length) == 0;
}

static void command_unknown(const char *name, const char *and, struct error *error)
{
    struct nearest nearest = nearest_to(name, strlen(name));
    char advice[NEAREST_BYTES + 24];
    for (size_t i = 0; commands[i]; i++)
        nearest_offer(&nearest, commands[i]->name);
    nearest_offer(&nearest, "help");
    for (size_t i = 0; commands[i] && !nearest.best[0]; i++)
        if (begin_alike(commands[i]->name, name))
            snprintf(nearest.best, sizeof nearest.best, "%s", commands[i]->name);
    usage_error(error, "unknown command '%s'%s%s", name, and, nearest_advice(&nearest, advice));
}

/* Says which commands take an option that is unknown here, if any does. */
static void name_commands_with(const char *option, struct error *error)
{
    char name[64], list[200] = "";
    size_t length = strcspn(option, "=");
    const struct command *last = NULL;

    if (strncmp(option, "--", 2) != 0 || length - 2 >= sizeof name)
        return;
    snprintf(name, sizeof name, "%.*s", (int)length - 2, option + 2);
    for (size_t i = 0; commands[i]; i++) {
        if (!options_find(&commands[i]->options, name))
            continue;
        if (last)
            text_append(list, sizeof list, ", ", last->name);
        last = commands[i];
    }
    if (last)
        usage_error(error, "unknown option '--%s': %s%s%s %s", name, list, *list ? " and " : "only ", last->name,
                    *list ? "take it" : "takes it");
}

static int run_help(int argc, char **argv)
{
    struct error error = {0};
    const char *name = argc > 2 ? argv[2] : "help";
    const struct command *command = command_find(name);
    if (command) {
        help_command(stdout, command);
    } else if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        help_all(stdout);
    } else {
        command_unknown(name, "", &error);
        return fail(&error, NULL);
    }
    return STATUS_OK;
}

/* Processes on one machine share its processors, unless whoever started them has given each its own. */
static void set_workers(size_t threads)
{
    size_t all = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    pool_set_workers(threads);
    if (!threads && processes_here() > 1 && pool_workers() == all)
        pool_set_workers(all > processes_here() ? all / processes_here() : 1);
}

/* Says whose error it is that this process prints. */
static void name_failed(struct error *error)
{
    char name[CREW_NAME];
    struct error own = *error;
    crew_name(crew_failed(), name);
    if (own.kind != ERROR_CANCELLED)
        error_set(error, own.kind, "%s: %s", name, own.text);
}

/* Runs the command; `options`, its structure, is zeroed. */
static int run_command(const struct command *command, int argc, char **argv, void *options)
{
    struct global_options global = {0};
    const struct option_target targets[] = {{&command->options, options}, {&global_group, &global}};
    struct error error = {0};
    const char *unknown;
    given_keep(argc, argv);
    int status = options_parse(targets, sizeof targets / sizeof *targets, argc, argv, &unknown, &error);
    if (unknown)
        name_commands_with(unknown, &error);
    if (global.help) {
        help_command(stdout, command);
        return STATUS_OK;
    }
    if (global.version)
        return version_put(stdout, global.verbose, &error) ? fail(&error, NULL) : STATUS_OK;
    set_workers(global.threads);
    fit_set_memory(global.memory);
    if (!status && crew_size() > 1 && !command->crew)
        status = usage_error(&error, "%s runs in one process: start it without mpirun", command->name);
    if (!status)
        status = options_settle(&global_group, &global, &error);
    if (!status)
        status = options_settle(&command->options, options, &error);
    if (!status)
        status = processes_meet(argc, argv, &error);
    if (!status)
        status = command->run(options, &error);
    status = crew_end(status, &error);
    if (crew_failed())
        name_failed(&error);
    if (output_end(status >= 0, &error))
        status = -1;
    return status < 0 ? fail(&error, command->name) : status;
}

/* Whether a first word that is not a command was meant as one: it does not name a collection either. */
static bool meant_as_command(const char *word)
{
    return *word && *word != '-' && !strchr(word, '/') && strcmp(word, "sample") != 0 && access(word, F_OK) != 0;
}

static int run(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "";
    struct error error = {0};
    if (strcmp(first, "help") == 0)
        return run_help(argc, argv);
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return run_help(1, argv);
    if (strcmp(first, COMPLETE_OPTION) == 0)
        return complete(argc, argv);
    const struct command *command = command_find(first);
    if (!command && meant_as_command(first)) {
        command_unknown(first, ", and no collection of that name exists", &error);
        return fail(&error, NULL);
    }
    int skipped = command ? 1 : 0;
    command = command ? command : commands[0];
    void *options = memory_array(1, command->size);
    if (!options) {
        error_memory(&error);
        return fail(&error, NULL);
    }
    int status = run_command(command, argc - skipped, argv + skipped, options);
    free(options);
    return status;
}

int main(int argc, char **argv)
{
    fault_watch();
    enders_watch();
    signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit is a write that fails */
    hold_standard_streams();
    json_set_alloc_funcs(checked_malloc, free);
    struct error error = {0};
    if (set_encoding(&error) || need_stack(&error) || processes_begin(&error))
        return fail(&error, NULL);
    int status = finish(run(argc, argv));
    processes_end();
    leave(status);
}
