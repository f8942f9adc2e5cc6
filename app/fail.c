#include "app/fail.h"
#include "engine/base/text.h"
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE = 1024 };

/* Arguments and file names may hold anything: the line stays one line. */
static void put_line(const char *text, const char *end)
{
    char clean[LINE];
    text_clean(clean, sizeof clean, text);
    fprintf(stderr, "hubscope: %s%s\n", clean, end);
}

int fail(const struct error *error)
{
    if (error->kind == ERROR_CANCELLED) {
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    put_line(error->text[0] ? error->text : "failed for an unknown reason", "");
    return STATUS_FAILURE;
}

int fail_text(const char *format, ...)
{
    char text[LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put_line(text, "");
    return STATUS_FAILURE;
}

int fail_usage(const char *command, const char *format, ...)
{
    char text[LINE], hint[80];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(hint, sizeof hint, "; see 'hubscope %s%s--help'", command ? command : "", command ? " " : "");
    put_line(text, hint);
    return STATUS_USAGE;
}
