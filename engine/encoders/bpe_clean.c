#include "engine/encoders/bpe_clean.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/encoders/references.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { EXPANDED_MOST = 4, ESCAPE = 0x1b };

struct characters {
    ucs4_t *at;
    size_t count;
};

bool bpe_clean_splits(uint32_t character)
{
    return uc_is_property_white_space(character) && character != '\v' && character != 0x85;
}

/* Latin ligatures and digraphs as their letters; returns how many, 0 for other characters. */
static size_t split_ligature(ucs4_t character, ucs4_t out[EXPANDED_MOST])
{
    static const struct {
        uint16_t ligature, letter[3];
    } ligatures[] = {
        {0x132, {'I', 'J'}},    {0x133, {'i', 'j'}},   {0x149, {'\'', 'n'}},      {0x1c4, {'D', 0x17d}},
        {0x1c5, {'D', 0x17e}},  {0x1c6, {'d', 0x17e}}, {0x1c7, {'L', 'J'}},       {0x1c8, {'L', 'j'}},
        {0x1c9, {'l', 'j'}},    {0x1ca, {'N', 'J'}},   {0x1cb, {'N', 'j'}},       {0x1cc, {'n', 'j'}},
        {0x1f1, {'D', 'Z'}},    {0x1f2, {'D', 'z'}},   {0x1f3, {'d', 'z'}},       {0xfb00, {'f', 'f'}},
        {0xfb01, {'f', 'i'}},   {0xfb02, {'f', 'l'}},  {0xfb03, {'f', 'f', 'i'}}, {0xfb04, {'f', 'f', 'l'}},
        {0xfb05, {0x17f, 't'}}, {0xfb06, {'s', 't'}}};

    for (size_t i = 0; i < sizeof ligatures / sizeof *ligatures; i++)
        if (ligatures[i].ligature == character) {
            size_t count = 0;
            while (count < 3 && ligatures[i].letter[count]) {
                out[count] = ligatures[i].letter[count];
                count++;
            }
            return count;
        }
    return 0;
}

/* Full-width and half-width forms in their usual width; returns how many characters, 0 for others. */
static size_t change_width(ucs4_t character, ucs4_t out[EXPANDED_MOST])
{
    size_t count = EXPANDED_MOST;

    if (character < 0xff01 || character > 0xffef)
        return 0;
    ucs4_t *made = u32_normalize(UNINORM_NFKC, &character, 1, out, &count);
    if (made == out)
        return count;
    free(made); /* out of memory: none has as many */
    return 0;
}

static ucs4_t straighten(ucs4_t character)
{
    if (character == 0x2bc || (character >= 0x2018 && character <= 0x201b))
        return '\'';
    return character >= 0x201c && character <= 0x201f ? '"' : character;
}

/* Expands every character into a new array.  Null when out of memory. */
static ucs4_t *expand(const struct characters *text, size_t *count)
{
    ucs4_t *expanded = memory_array(EXPANDED_MOST * text->count + 1, sizeof *expanded);

    *count = 0;
    for (size_t i = 0; expanded && i < text->count; i++) {
        ucs4_t *out = expanded + *count, character = references_windows(text->at[i]);
        size_t made = split_ligature(character, out);
        if (!made)
            made = change_width(character, out);
        if (!made) {
            *out = straighten(character);
            made = 1;
        }
        *count += made;
    }
    return expanded;
}

/* Length of the terminal's escape sequence at `text`: ESC [, numbers, a letter; 0 if there is none. */
static size_t escape_length(const ucs4_t *text, size_t count)
{
    size_t at = 2;

    if (count < 3 || text[0] != ESCAPE || text[1] != '[')
        return 0;
    while (at < count && (text[at] == ';' || uc_is_general_category(text[at], UC_CATEGORY_Nd)))
        at++;
    bool letter = at < count && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'));
    return letter ? at + 1 : 0;
}

static bool is_dropped(ucs4_t character)
{
    return character <= 8 || character == '\v' || (character >= 0xe && character <= 0x1f) || character == 0x7f ||
           (character >= 0x206a && character <= 0x206f) || character == 0xfeff ||
           (character >= 0xfff9 && character <= 0xfffc);
}

static size_t drop_controls(ucs4_t *text, size_t count)
{
    size_t used = 0, escape;

    for (size_t at = 0; at < count; at += escape ? escape : 1) {
        escape = escape_length(text + at, count - at);
        if (!escape && !is_dropped(text[at]))
            text[used++] = text[at];
    }
    return used;
}

/* Replaces the text by what one round makes of it.  Returns 1 if that changed it, 0 if not, -1 when out of memory. */
static int fix(struct characters *text, bool decode)
{
    struct characters before = {.at = memory_array(text->count + 1, sizeof *before.at), .count = text->count}, after;
    int changed = -1;

    if (!before.at)
        return -1;
    memcpy(before.at, text->at, text->count * sizeof *text->at);
    if (decode)
        text->count = references_decode_certain(text->at, text->count);
    ucs4_t *expanded = expand(text, &after.count);
    if (!expanded)
        goto done;
    after.count = drop_controls(expanded, after.count);
    after.at = u32_normalize(UNINORM_NFC, expanded, after.count, NULL, &after.count);
    free(expanded);
    if (!after.at)
        goto done;
    free(text->at);
    *text = after;
    changed = before.count != after.count || memcmp(before.at, after.at, after.count * sizeof *after.at) != 0;
done:
    free(before.at);
    return changed;
}

/* Whether the next character that counts, stepping from `at` by `step`, has upper and lower case. */
static bool meets_cased(const struct characters *text, size_t at, size_t step)
{
    do
        at += step;
    while (at < text->count && uc_is_property_case_ignorable(text->at[at]));
    return at < text->count && uc_is_property_cased(text->at[at]);
}

/* Lowers the capital sigmas, whose form depends on where they stand: final after a letter and not before one.
 * u32_tolower lets other characters stand between than Unicode's definition does. */
static void lower_sigmas(struct characters *text)
{
    for (size_t i = 0; i < text->count; i++)
        if (text->at[i] == 0x3a3)
            text->at[i] = meets_cased(text, i, SIZE_MAX) && !meets_cased(text, i, 1) ? 0x3c2 : 0x3c3;
}

uint8_t *bpe_clean(const char *word, size_t length, bool decode, size_t *cleaned)
{
    struct characters text = {.at = memory_array(length + 1, sizeof *text.at)};
    uint8_t *bytes = NULL;
    ucs4_t *low = NULL;
    int changed = 1;

    if (!text.at)
        return NULL;
    for (const char *at = word; at < word + length;)
        text.at[text.count++] = text_next(&at);
    while (changed > 0)
        changed = fix(&text, decode);
    if (!changed) {
        text.count = references_decode(text.at, text.count);
        text.count = references_decode(text.at, text.count);
        lower_sigmas(&text);
        low = u32_tolower(text.at, text.count, NULL, NULL, NULL, &text.count);
    }
    if (low)
        bytes = u32_to_u8(low, text.count, NULL, cleaned);
    free(low);
    free(text.at);
    return bytes;
}
