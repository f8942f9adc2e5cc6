#include "engine/results/name.h"
#include "engine/base/text.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *name_ending(const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path, *point = strrchr(last, '.');
    return point && point > last ? point + 1 : "";
}

/* Unicode white space beyond ASCII, at which some readers split words. */
static bool is_blank(uint32_t point)
{
    return point == 0x85 || point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

void name_word(char *out, size_t size, const char *text)
{
    size_t used = 0;
    if (!*text) {
        snprintf(out, size, "%%");
        return;
    }
    out[0] = 0;
    while (*text) {
        const char *start = text;
        uint32_t point = text_next(&text);
        bool plain = point > 0x20 && point != '%' && point != 0x7f && !(point >= 0x80 && point < 0xa0) &&
                     !is_blank(point) && text_is_utf8(start, (size_t)(text - start));
        size_t length = (size_t)(text - start);
        if (used + (plain ? length : 3 * length) >= size)
            return;
        for (size_t i = 0; i < length; i++)
            used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "%%%02X", (unsigned char)start[i]);
    }
}

void name_part(char *out, size_t size, const char *text)
{
    size_t used = 0;
    for (; *text && used + 1 < size; text++) {
        unsigned char c = (unsigned char)*text;
        out[used++] = isalnum(c) || strchr("=.-+@_", c) ? (char)c : '_';
    }
    out[used] = 0;
}

void name_insert(char *out, size_t size, const char *path, const char *part)
{
    const char *ending = name_ending(path);
    size_t stem = strlen(path) - (*ending ? strlen(ending) + 1 : 0);
    snprintf(out, size, "%.*s.%s%s%s", (int)stem, path, part, *ending ? "." : "", ending);
}
