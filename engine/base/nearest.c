#include "engine/base/nearest.h"

#include <stdio.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The edits between two words of at most NEAREST_BYTES - 1 bytes; any number above `most` if there are more. */
static size_t edits_between(const char *a, size_t a_length, const char *b, size_t b_length, size_t most)
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

static size_t pairs_in_common(const char *a, const char *b)
{
    size_t count = 0;

    for (; a[0] && a[1]; a++)
        for (const char *at = b; at[0] && at[1]; at++)
            if (a[0] == at[0] && a[1] == at[1]) {
                count++;
                break;
            }
    return count;
}

struct nearest nearest_to(const char *word, size_t length)
{
    struct nearest nearest = {.length = length};

    if (length >= NEAREST_BYTES || length < 3)
        return nearest;
    memcpy(nearest.word, word, length);
    nearest.edits = 1 + (length < 6 ? 1 : least(length / 3, 3));
    return nearest;
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t length = strlen(candidate),
           longer = length > nearest->length ? length - nearest->length : nearest->length - length;

    if (!nearest->edits || length >= NEAREST_BYTES || longer > nearest->edits)
        return;
    size_t edits = edits_between(nearest->word, nearest->length, candidate, length, nearest->edits);
    if (!edits || edits > nearest->edits || (edits == nearest->edits && !nearest->best[0]))
        return;
    size_t pairs = pairs_in_common(nearest->word, candidate);
    if (edits == nearest->edits && pairs <= nearest->pairs)
        return;
    nearest->edits = edits;
    nearest->pairs = pairs;
    memcpy(nearest->best, candidate, length + 1);
}

const char *nearest_advice(const struct nearest *nearest, char buffer[NEAREST_BYTES + 24])
{
    buffer[0] = 0;
    if (nearest->best[0])
        snprintf(buffer, NEAREST_BYTES + 24, "; did you mean '%s'?", nearest->best);
    return buffer;
}
