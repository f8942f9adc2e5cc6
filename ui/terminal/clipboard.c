#include "ui/terminal/clipboard.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "ui/terminal/base64.h"
#include "ui/terminal/terminal.h"

#include <stdlib.h>
#include <string.h>

/* Cleans between tabs and newlines; the result may be shorter or longer. */
static char *cleaned(const char *text, size_t size, size_t *length)
{
    enum { GROWTH = 3 }; /* a malformed byte becomes U+FFFD */
    char *copy = memory_array(size + 1, 1), *out = memory_array(size * GROWTH + 1, 1);

    *length = 0;
    if (!copy || !out) {
        free(copy);
        free(out);
        return NULL;
    }
    memcpy(copy, text, size);
    for (char *at = copy; at <= copy + size;) {
        size_t run = strcspn(at, "\t\n");
        char end = at[run];
        at[run] = 0;
        text_clean(out + *length, run * GROWTH + 1, at);
        *length += strlen(out + *length);
        at += run + 1;
        if (end)
            out[(*length)++] = end;
        else if (at <= copy + size)
            out[(*length)++] = ' '; /* a NUL inside */
    }
    free(copy);
    return out;
}

bool clipboard_put(const char *text, size_t size)
{
    static const char begin[] = "\033]52;c;", end[] = "\033\\";
    size_t length;
    char *clean = size <= CLIPBOARD_MAX ? cleaned(text, size, &length) : NULL;
    char *sequence =
        clean && length <= CLIPBOARD_MAX ? memory_array(base64_length(length) + sizeof begin + sizeof end, 1) : NULL;
    bool sent = false;

    if (sequence) {
        size_t used = sizeof begin - 1 + base64_length(length);
        memcpy(sequence, begin, sizeof begin - 1);
        base64_put(sequence + sizeof begin - 1, clean, length);
        memcpy(sequence + used, end, sizeof end - 1);
        sent = terminal_send(sequence, used + sizeof end - 1);
    }
    free(sequence);
    free(clean);
    return sent;
}
