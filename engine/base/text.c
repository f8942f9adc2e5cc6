#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const uint32_t REPLACEMENT = 0xfffd;

/* Returns the length of the well-formed sequence at `bytes` (at most `left` bytes) and sets its code point; 0 if it is
 * malformed: stray continuation, overlong form, surrogate, beyond U+10FFFF or truncated. */
static size_t decode(const unsigned char *bytes, size_t left, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80       ? 1
                    : bytes[0] >> 5 == 6  ? 2
                    : bytes[0] >> 4 == 14 ? 3
                    : bytes[0] >> 3 == 30 ? 4
                                          : 0;

    if (length == 0 || length > left)
        return 0;
    if (length == 1) {
        *point = bytes[0];
        return 1;
    }
    uint32_t value = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] >> 6 != 2)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *point = value;
    return length;
}

uint32_t text_next(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    uint32_t point;

    if (*bytes < 0x80) {
        *text += *bytes != 0;
        return *bytes;
    }
    size_t length = decode(bytes, 4, &point); /* the NUL ends a truncated sequence */
    *text += length ? length : 1;
    return length ? point : REPLACEMENT;
}

void text_put(uint32_t point, char out[TEXT_POINT])
{
    static const uint32_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    out[length] = 0;
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)(lead[length] | point);
}

bool text_is_utf8(const char *bytes, size_t size)
{
    uint32_t point;

    for (size_t at = 0; at < size;) {
        size_t length = decode((const unsigned char *)bytes + at, size - at, &point);
        if (!length)
            return false;
        at += length;
    }
    return true;
}

/* Characters that move the cursor, start escape sequences or reorder displayed text. */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c || point == 0x200e || point == 0x200f ||
           point == 0x2028 || point == 0x2029 || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

void text_clean(char *out, size_t size, const char *text)
{
    size_t used = 0;

    if (!size)
        return;
    while (*text) {
        const char *start = text;
        uint32_t point = text_next(&text);
        const char *bytes = point == REPLACEMENT ? "\xef\xbf\xbd" : is_control(point) ? " " : start;
        size_t length = point == REPLACEMENT ? 3 : is_control(point) ? 1 : (size_t)(text - start);
        if (used + length >= size)
            break;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = 0;
}

int text_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (int index = 0; *words; index++) {
        size_t size = strcspn(words, " ");
        if (size == length && strncasecmp(words, word, size) == 0)
            return index;
        words += size + strspn(words + size, " ");
    }
    return -1;
}

void text_append(char *list, size_t size, const char *between, const char *name)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used ? between : "", name);
}
