#include "engine/formats/matrix_keys.h"

#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/formats/matrix_request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDING_MOST = 5, NAMED = 3 };

struct names { /* in an order: whole, or by stem */
    const char *const *name;
    size_t *order, count;
    bool stems;
};

/* Length of a name without what looks like the ending of a file: two to five letters and digits, a letter among
 * them. */
static size_t stem(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = dot ? strlen(dot + 1) : 0;
    bool letter = false;

    for (size_t i = 1; i <= length; i++) {
        if (!isalnum((unsigned char)dot[i]))
            return strlen(name);
        letter = letter || isalpha((unsigned char)dot[i]);
    }
    return letter && dot != name && length >= 2 && length <= ENDING_MOST ? (size_t)(dot - name) : strlen(name);
}

static int compare(const char *a, const char *b, bool stems)
{
    size_t left = stems ? stem(a) : strlen(a), right = stems ? stem(b) : strlen(b);
    int order = memcmp(a, b, left < right ? left : right);

    return order ? order : (left > right) - (left < right);
}

static int compare_names(const void *left, const void *right, void *context)
{
    const struct names *names = context;

    return compare(names->name[*(const size_t *)left], names->name[*(const size_t *)right], names->stems);
}

static int sort(struct names *names, const char *const *name, size_t count, bool stems, struct error *error)
{
    *names = (struct names){.name = name, .count = count, .stems = stems};
    names->order = memory_array(count, sizeof *names->order);
    if (!names->order)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        names->order[i] = i;
    qsort_r(names->order, count, sizeof *names->order, compare_names, names);
    return 0;
}

/* The names that equal the key: the first, and how many; none is 0. */
static size_t find(const struct names *names, const char *key, size_t *first)
{
    size_t low = 0, high = names->count, count = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(names->name[names->order[middle]], key, names->stems) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + count < names->count && compare(names->name[names->order[low + count]], key, names->stems) == 0)
        count++;
    *first = count ? names->order[low] : SIZE_MAX;
    return count;
}

static void add_name(char *text, size_t size, size_t told, const char *name)
{
    char clean[48], quoted[56];

    text_clean(clean, sizeof clean, name);
    snprintf(quoted, sizeof quoted, "\"%s\"", clean);
    if (told <= NAMED)
        text_append(text, size, ", ", told < NAMED ? quoted : "...");
}

static int match(struct matrix_keys *keys, const struct names *whole, const struct names *stems, const char *label,
                 size_t *row, struct error *error)
{
    char missing[MATRIX_KEYS_TEXT] = "";
    size_t lacking = 0, at;

    for (size_t i = 0; i < keys->count; i++) {
        const char *key = keys->key[i];
        size_t found = find(whole, key, &at);
        if (!found)
            found = find(stems, key, &at);
        if (found > 1 || (found && row[at] != SIZE_MAX))
            return error_set(error, ERROR_INPUT, "%s: several of its keys, or of those of %s, are \"%.80s\"", label,
                             keys->from, key);
        if (!found)
            add_name(missing, sizeof missing, lacking++, key);
        else
            row[at] = i;
    }
    if (lacking)
        return error_set(error, ERROR_INPUT, "%s: has no vector for %zu of the %zu keys of %s: %s", label, lacking,
                         keys->count, keys->from, missing);
    return 0;
}

int matrix_keys_match(struct matrix_keys *keys, const char *const *name, size_t count, const char *label, size_t *row,
                      struct error *error)
{
    struct names whole = {0}, stems = {0};
    int failed = sort(&whole, name, count, false, error) || sort(&stems, name, count, true, error);

    for (size_t i = 0; i < count; i++)
        row[i] = SIZE_MAX;
    if (!failed)
        failed = match(keys, &whole, &stems, label, row, error);
    keys->surplus = 0;
    *keys->surplus_text = '\0';
    for (size_t i = 0; i < count && !failed; i++)
        if (row[i] == SIZE_MAX)
            add_name(keys->surplus_text, sizeof keys->surplus_text, keys->surplus++, name[i]);
    free(whole.order);
    free(stems.order);
    return failed ? -1 : 0;
}
