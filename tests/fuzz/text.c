/* The first byte is the size of the buffer that the rest is cleaned into. */
#include "engine/base/text.h"
#include "tests/fuzz/input.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    size_t room = data[0];
    char *text = strndup((const char *)data + 1, size - 1), *out = malloc(room + 1);
    text_is_utf8((const char *)data + 1, size - 1);
    text_clean(out, room, text);
    if (room && (!text_is_utf8(out, strlen(out)) || strlen(out) >= room))
        abort();
    for (const char *at = out; room && *at;) {
        uint32_t point = text_next(&at);
        if (point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e))
            abort();
    }
    free(text);
    free(out);
    return 0;
}
