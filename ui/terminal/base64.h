/* Base64, as escape sequences carry data.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_BASE64_H
#define HUBSCOPE_UI_TERMINAL_BASE64_H

#include <stddef.h>

static inline size_t base64_length(size_t size)
{
    return (size + 2) / 3 * 4;
}

/* Writes base64_length(size) characters, without a NUL. */
void base64_put(char *out, const void *bytes, size_t size);

#endif
