#include "engine/typing/symbol.h"

#include "engine/base/text.h"
#include <stdio.h>
#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uniname.h>

enum { CLUSTER_BYTES = 256 }; /* longer ones are several */

static const char JOINER[] = "\xe2\x80\x8d"; /* zero width */

bool symbol_is(uint32_t point)
{
    return point >= 0x80 && uc_is_general_category_withtable(point, UC_CATEGORY_MASK_So);
}

static bool is_symbol_at(const char *text)
{
    return symbol_is(text_next(&text));
}

size_t symbol_cluster(const char *text)
{
    if (((unsigned char)text[0] | (unsigned char)text[1]) < 0x80)
        return 1;
    size_t size = strnlen(text, CLUSTER_BYTES), used = 0;
    while ((text[size] & 0xc0) == 0x80)
        size--;
    const uint8_t *start = (const uint8_t *)text, *end = start + size;
    do /* older libraries end it at a joiner */
        used = (size_t)(u8_grapheme_next(start + used, end) - start);
    while (used < size && used >= 3 && memcmp(text + used - 3, JOINER, 3) == 0 && is_symbol_at(text + used));
    return used;
}

static bool is_selector(uint32_t point) /* to be shown as text, or as a picture */
{
    return point == 0xfe0e || point == 0xfe0f;
}

size_t symbol_plain(const char *symbol, size_t length, char plain[SYMBOL_BYTES])
{
    size_t used = 0;

    for (const char *at = symbol, *next = at; at < symbol + length; at = next) {
        if (is_selector(text_next(&next)))
            continue;
        size_t bytes = (size_t)(next - at);
        if (used + bytes >= SYMBOL_BYTES)
            return 0;
        memcpy(plain + used, at, bytes);
        used += bytes;
    }
    plain[used] = 0;
    return used;
}

static const char COMPONENT[] = "EMOJI COMPONENT "; /* of hair */

/* Skin tones and the letters of flags name nothing that is seen. */
static bool is_nameless(uint32_t point)
{
    return (point >= 0x1f3fb && point <= 0x1f3ff) || (point >= 0x1f1e6 && point <= 0x1f1ff);
}

bool symbol_name(const char *symbol, size_t length, char name[SYMBOL_NAME])
{
    char word[UNINAME_MAX];
    size_t used = 0;

    name[0] = 0;
    for (const char *at = symbol; at < symbol + length;) {
        uint32_t point = text_next(&at);
        if (!symbol_is(point) || is_nameless(point) || !unicode_character_name(point, word) ||
            used + strlen(word) + 2 > SYMBOL_NAME)
            continue;
        const char *seen = strncmp(word, COMPONENT, strlen(COMPONENT)) == 0 ? word + strlen(COMPONENT) : word;
        used += (size_t)snprintf(name + used, SYMBOL_NAME - used, "%s%s", used ? " " : "", seen);
    }
    for (char *at = name; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    return used;
}
