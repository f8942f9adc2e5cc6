#include "engine/encoders/bpe_clean.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Decodes one character reference at `text` into `out` (4); returns the length of the reference, 0 if there is none. */
static size_t undo_reference(const char *text, uint8_t *out, size_t *written)
{
    static const struct {
        const char *name;
        ucs4_t character;
    } named[] = {{"&amp;", '&'},       {"&lt;", '<'},       {"&gt;", '>'},       {"&quot;", '"'},
                 {"&apos;", '\''},     {"&nbsp;", 0xa0},    {"&ndash;", 0x2013}, {"&mdash;", 0x2014},
                 {"&hellip;", 0x2026}, {"&lsquo;", 0x2018}, {"&rsquo;", 0x2019}, {"&ldquo;", 0x201c},
                 {"&rdquo;", 0x201d}};
    ucs4_t character = 0;
    size_t length = 0;

    for (size_t i = 0; i < sizeof named / sizeof *named && !length; i++)
        if (strncmp(text, named[i].name, strlen(named[i].name)) == 0) {
            length = strlen(named[i].name);
            character = named[i].character;
        }
    if (!length && text[0] == '&' && text[1] == '#') {
        bool hex = text[2] == 'x' || text[2] == 'X';
        const char *digits = text + 2 + hex;
        size_t count = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
        if (count && count < 8 && digits[count] == ';') {
            character = (ucs4_t)strtoul(digits, NULL, hex ? 16 : 10);
            length = (size_t)(digits - text) + count + 1;
        }
    }
    int bytes = length && character ? u8_uctomb(out, character, 4) : -1;
    *written = bytes > 0 ? (size_t)bytes : 0;
    return bytes > 0 ? length : 0;
}

static size_t undo_references(uint8_t *text, size_t length)
{
    size_t used = 0, written = 0;

    text[length] = 0;
    for (size_t at = 0; at < length;) {
        uint8_t bytes[4];
        size_t read = undo_reference((char *)text + at, bytes, &written);
        if (read) {
            memcpy(text + used, bytes, written); /* never longer than the reference */
            used += written;
            at += read;
        } else
            text[used++] = text[at++];
    }
    return used;
}

/* Straightens quotes and drops control characters, as the published tokenizer does. */
static size_t straighten(uint8_t *text, size_t length)
{
    size_t used = 0;

    for (size_t at = 0; at < length;) {
        ucs4_t character;
        at += (size_t)u8_mbtouc(&character, text + at, length - at);
        if (character >= 0x2018 && character <= 0x201b)
            character = '\'';
        else if (character >= 0x201c && character <= 0x201f)
            character = '"';
        else if (uc_is_general_category(character, UC_CATEGORY_Cc) && !uc_is_property_white_space(character))
            continue;
        used += (size_t)u8_uctomb(text + used, character, 4); /* never longer than the original */
    }
    return used;
}

uint8_t *bpe_clean(const char *word, size_t length, size_t *cleaned)
{
    uint8_t *text = memory_array(3 * length + 1, 1); /* U+FFFD takes three bytes */
    const char *at = word;
    size_t used = 0;

    if (!text)
        return NULL;
    while (at < word + length)
        used += (size_t)u8_uctomb(text + used, text_next(&at), 4);
    used = undo_references(text, used);
    used = undo_references(text, used);
    used = straighten(text, used);
    uint8_t *composed = u8_normalize(UNINORM_NFC, text, used, NULL, &used);
    free(text);
    if (!composed)
        return NULL;
    uint8_t *low = u8_tolower(composed, used, NULL, NULL, NULL, cleaned);
    free(composed);
    return low;
}
