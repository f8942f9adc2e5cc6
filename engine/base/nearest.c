#include "engine/base/nearest.h"

#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The edits between two words; any number above `most` if there are more. */
static size_t edits_between(const uint32_t *a, size_t a_length, const uint32_t *b, size_t b_length, size_t most)
{
    size_t row[3][NEAREST_BYTES];

    for (size_t j = 0; j <= b_length; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3], fewest = now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            now[j] = least(before[j - 1] + (a[i - 1] != b[j - 1]), least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
            fewest = least(fewest, now[j]);
        }
        if (fewest > most)
            return fewest;
    }
    return row[a_length % 3][b_length];
}

static size_t pairs_shared(const uint32_t *a, size_t a_length, const uint32_t *b, size_t b_length)
{
    size_t count = 0;

    for (size_t i = 1; i < a_length; i++)
        for (size_t j = 1; j < b_length; j++)
            if (a[i - 1] == b[j - 1] && a[i] == b[j]) {
                count++;
                break;
            }
    return count;
}

/* Code points of at most NEAREST_BYTES - 1 bytes; returns how many, and sets the bits of those that occur. */
static size_t decode(const char *bytes, uint32_t point[NEAREST_BYTES], uint64_t *letters)
{
    size_t count = 0;

    for (*letters = 0; *bytes; count++) {
        point[count] = text_next(&bytes);
        *letters |= (uint64_t)1 << (point[count] & 63);
    }
    return count;
}

struct nearest nearest_to(const char *bytes, size_t length)
{
    struct nearest nearest = {.length = 0};
    char word[NEAREST_BYTES];

    if (length >= NEAREST_BYTES)
        return nearest;
    memcpy(word, bytes, length);
    word[length] = 0;
    nearest.length = decode(word, nearest.word, &nearest.letters);
    if (nearest.length >= 3)
        nearest.edits = 1 + (nearest.length < 6 ? 1 : least(nearest.length / 3, 3));
    return nearest;
}

/* Whether a candidate of as many edits as the best is closer. */
static bool is_closer(const struct nearest *nearest, bool begins, size_t weight, size_t pairs)
{
    if (begins != nearest->begins)
        return begins;
    return weight != nearest->weight ? weight > nearest->weight : pairs > nearest->pairs;
}

void nearest_offer_common(struct nearest *nearest, const char *candidate, size_t weight)
{
    uint32_t point[NEAREST_BYTES];
    uint64_t letters;
    const size_t most = nearest->edits - !nearest->best[0], bytes = strnlen(candidate, NEAREST_BYTES);

    if (!nearest->edits || bytes == NEAREST_BYTES || bytes + most < nearest->length)
        return;
    size_t length = decode(candidate, point, &letters);
    if (length > nearest->length + most || length + most < nearest->length ||
        (size_t)__builtin_popcountll(letters & ~nearest->letters) > most ||
        (size_t)__builtin_popcountll(nearest->letters & ~letters) > most)
        return; /* an edit adds or takes one character */
    size_t edits = edits_between(nearest->word, nearest->length, point, length, most);
    if (!edits || edits > most)
        return;
    bool begins = point[0] == nearest->word[0];
    size_t pairs = pairs_shared(nearest->word, nearest->length, point, length);
    if (nearest->best[0] && edits == nearest->edits && !is_closer(nearest, begins, weight, pairs))
        return;
    nearest->edits = edits;
    nearest->begins = begins;
    nearest->weight = weight;
    nearest->pairs = pairs;
    memcpy(nearest->best, candidate, bytes + 1);
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    nearest_offer_common(nearest, candidate, 0);
}

const char *nearest_advice(const struct nearest *nearest, char buffer[NEAREST_BYTES + 24])
{
    buffer[0] = 0;
    if (nearest->best[0])
        snprintf(buffer, NEAREST_BYTES + 24, "; did you mean '%s'?", nearest->best);
    return buffer;
}
