#include "engine/encoders/words.h"

#include "engine/base/text.h"
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

enum { CUT = 128 }; /* at most this many bytes of a word are read */

static bool is_ideograph(uint32_t point)
{
    return (point >= 0x4e00 && point <= 0x9fff) || (point >= 0x3400 && point <= 0x4dbf) || point == 0x3005 ||
           point == 0x3007 || (point >= 0xf900 && point <= 0xfaff) || (point >= 0x20000 && point <= 0x3ffff);
}

static bool is_letter(uint32_t point) /* or a mark, or a number */
{
    if (point < 0x80)
        return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9');
    return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
}

static bool is_joiner(uint32_t point) /* zero width, between the letters of one word */
{
    return point == 0x200c || point == 0x200d;
}

/* Bytes of a possessive 's at `text`, the end of a word; 0 if there is none. */
static size_t possessive(const char *text)
{
    size_t length = *text == '\'' ? 1 : strncmp(text, "\xe2\x80\x99", 3) == 0 ? 3 : 0;

    if (!length || (text[length] != 's' && text[length] != 'S'))
        return 0;
    const char *next = text + length + 1;
    return is_letter(text_next(&next)) ? 0 : length + 1;
}

/* The folded form of well-formed `text` (length), without joiners.  No bytes when out of memory. */
static void fold_unicode(const char *text, size_t length, struct word *word)
{
    uint8_t plain[CUT], buffer[2 * CUT];
    size_t used = 0, bytes = sizeof buffer;

    for (const char *at = text, *next = at; at < text + length; at = next)
        if (!is_joiner(text_next(&next)))
            for (; at < next; at++)
                plain[used++] = (uint8_t)*at;
    uint8_t *folded = u8_casefold(plain, used, NULL, UNINORM_NFKC, buffer, &bytes);
    word->bytes = folded ? bytes : 0;
    if (word->bytes > WORD_BYTES)
        for (word->bytes = WORD_BYTES; (folded[word->bytes] & 0xc0) == 0x80;)
            word->bytes--;
    if (folded)
        memcpy(word->folded, folded, word->bytes);
    if (folded != buffer)
        free(folded);
}

void word_fold(const char *text, size_t length, struct word *word)
{
    bool ascii = true;

    if (length > CUT)
        for (length = CUT; (text[length] & 0xc0) == 0x80;)
            length--;
    for (size_t i = 0; i < length; i++) {
        ascii = ascii && (unsigned char)text[i] < 0x80;
        word->folded[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    }
    word->bytes = length;
    if (!ascii)
        fold_unicode(text, length, word);
    word->folded[word->bytes] = 0;
}

struct words words_of(const char *text)
{
    return (struct words){.text = text, .before = SIZE_MAX, .pair = SIZE_MAX};
}

/* Advances to the end of the word that begins at words->at with `point`. */
static void walk(struct words *words, uint32_t point)
{
    const char *at = words->text + words->at, *next;

    do {
        text_next(&at);
        next = at;
        point = text_next(&next);
        if (is_joiner(point)) { /* belongs to the word if the word continues after it */
            const char *after = next;
            uint32_t joined = text_next(&after);
            if (is_letter(joined) && !is_ideograph(joined)) {
                at = next;
                point = joined;
            }
        }
    } while (is_letter(point) && !is_ideograph(point));
    words->at = (size_t)(at - words->text);
}

bool words_next(struct words *words, struct word *word)
{
    if (words->pair != SIZE_MAX) {
        size_t first = words->pair, second = words->before;
        words->pair = SIZE_MAX;
        word->pair = true;
        word->start = second;
        word->length = words->at - second;
        word_fold(words->text + first, words->at - first, word);
        return true;
    }
    while (words->text[words->at]) {
        size_t start = words->at;
        const char *next = words->text + start;
        uint32_t point = text_next(&next);
        size_t before = words->before;
        words->before = SIZE_MAX;
        words->at = (size_t)(next - words->text);
        if (!is_letter(point))
            continue;
        if (is_ideograph(point)) {
            words->before = start;
            words->pair = before;
        } else {
            words->at = start;
            walk(words, point);
        }
        word->pair = false;
        word->start = start;
        word->length = words->at - start;
        word_fold(words->text + start, word->length, word);
        words->at += words->before == SIZE_MAX ? possessive(words->text + words->at) : 0;
        if (word->bytes)
            return true;
    }
    return false;
}

static size_t character(const char *text) /* bytes of the first character */
{
    size_t length = 1;

    while ((text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

size_t words_grams(const char *folded, size_t bytes, unsigned least, unsigned most, size_t table, uint32_t *rows)
{
    char marked[WORD_BYTES + 3];
    size_t length = bytes < WORD_BYTES ? bytes : WORD_BYTES, count = 0;

    marked[0] = '<'; /* no word contains these */
    memcpy(marked + 1, folded, length);
    marked[++length] = '>';
    marked[++length] = 0;
    for (size_t start = 0; start < length; start += character(marked + start)) {
        uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
        size_t at = start;
        for (unsigned size = 1; size <= most && at < length; size++) {
            for (size_t end = at + character(marked + at); at < end; at++)
                hash = (hash ^ (unsigned char)marked[at]) * 0x100000001b3;
            if (size >= least && count < WORD_GRAMS)
                rows[count++] = (uint32_t)((hash ^ hash >> 32) & (table - 1));
        }
    }
    return count;
}
