#include "app/fail.h"
#include "app/progress.h"
#include <signal.h>
#include <stdio.h>

int fail(const struct error *error, const char *command)
{
    if (error->kind == ERROR_CANCELLED) {
        int number = progress_signal();
        signal(number, SIG_DFL);
        raise(number);
    }
    fprintf(stderr, "hubscope: %s", error->text[0] ? error->text : "failed for an unknown reason");
    if (error->kind == ERROR_USAGE)
        fprintf(stderr, "; see 'hubscope %s%s--help'", command ? command : "", command ? " " : "");
    fputc('\n', stderr);
    return error->kind == ERROR_USAGE ? STATUS_USAGE : STATUS_FAILURE;
}
