#include "engine/base/fold.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

/* Drops combining marks and control characters from decomposed text. */
static char *without_marks(const char *text)
{
    char *plain = memory_array(3 * strlen(text) + 1, 1), point[TEXT_POINT]; /* a bad byte becomes three */
    size_t used = 0;

    while (plain && *text) {
        uint32_t next = text_next(&text);
        if (uc_is_general_category_withtable(next, UC_CATEGORY_MASK_Mn))
            continue;
        text_put(next < ' ' ? ' ' : next, point);
        memcpy(plain + used, point, strlen(point));
        used += strlen(point);
    }
    return plain;
}

char *fold_text(const char *text)
{
    size_t length;

    if (is_ascii(text)) {
        char *lower = memory_text(text);
        for (char *at = lower; lower && *at; at++)
            *at = (char)tolower((unsigned char)*at);
        return lower;
    }
    char *clean = without_marks(text); /* and well-formed */
    if (!clean)
        return NULL;
    char *folded = (char *)u8_casefold((const uint8_t *)clean, strlen(clean) + 1, NULL, UNINORM_NFKD, NULL, &length);
    free(clean);
    char *plain = folded ? without_marks(folded) : NULL;
    free(folded);
    return plain;
}

char *fold_forms(const char *text)
{
    uint8_t *plain = NULL;
    size_t length = strlen(text) + 1;

    if (!is_ascii(text) && !u8_check((const uint8_t *)text, length))
        plain = u8_normalize(UNINORM_NFKC, (const uint8_t *)text, length, NULL, &length);
    return plain ? (char *)plain : memory_text(text);
}
