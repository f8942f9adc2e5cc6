#include "engine/base/error.h"
#include "engine/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void write_text(struct error *error, enum error_kind kind,
                                                             const char *format, va_list arguments)
{
    char text[sizeof error->text];

    vsnprintf(text, sizeof text, format, arguments);
    error->kind = kind;
    text_clean(error->text, sizeof error->text, text);
}

int error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        write_text(error, kind, format, arguments);
        va_end(arguments);
    }
    return -1;
}

enum error_kind error_kind_of(int number)
{
    return number == ENOMEM || number == EMFILE || number == ENFILE ? ERROR_MEMORY : ERROR_SYSTEM;
}

int error_system(struct error *error, const char *format, ...)
{
    int number = errno;
    const char *reason = strerror(number);

    if (error) {
        va_list arguments;
        va_start(arguments, format);
        write_text(error, error_kind_of(number), format, arguments);
        va_end(arguments);
        size_t used = strlen(error->text);
        snprintf(error->text + used, sizeof error->text - used, ": %s", reason);
    }
    return -1;
}

int error_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}
