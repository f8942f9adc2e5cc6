/* Text files, JSON and the headers of safetensors: their lines, numbers and strings. */
#include "tests/mutate/mutation.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Put in the place of a number, a string or a line. */
static const char *const tokens[] = {
    "0",
    "-1",
    "1",
    "2",
    "1e999",
    "-0.5",
    "2147483648",
    "4294967296",
    "18446744073709551616",
    "1e-320",
    "null",
    "true",
    "\"\"",
    "\"x\"",
    "\"../x\"",
    "\"/dev/zero\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[[[[[[[[[[[[[[[[[[[",
    "NaN",
    "\xff\xfe",
    "\033[2J",
    "",
    "\n",
    "\"F64\"",
    "\"I8\"",
    "\"BF16\"",
    "[0, 0]",
    "[9, 1]",
    "[0, 18446744073709551615]",
};

enum text_kind {
    LINE_DELETED,
    LINE_TWICE,
    LINES_SWAPPED,
    LINE_LONG,
    LINE_JOINED,
    MARKED,
    CARRIAGE,
    NUL_BYTE,
    DEEP,
    ALL_DELETED,
    OPEN_END,
    TEXT_KINDS
};

static const char *const text_name[TEXT_KINDS] = {
    "a line deleted", "a line twice", "two lines swapped", "a long line", "two lines joined", "a byte-order mark",
    "CRLF",           "a NUL",        "deep brackets",     "blank",       "no end",
};

enum { TOKENS = sizeof tokens / sizeof *tokens, PLACES = 4, KINDS = TOKENS * PLACES + TEXT_KINDS, ROOM = 1 << 20 };

static bool is_text(const char *name)
{
    return strstr(name, ".json") || strstr(name, ".txt") || strstr(name, ".safetensors");
}

static size_t find_text(const char *folder, size_t number, char name[128])
{
    struct folder_entries entries;
    size_t count = 0;

    folder_list(&entries, folder);
    for (size_t i = 0; i < entries.count; i++)
        if (is_text(entries.path[i]) && count++ == number)
            memcpy(name, entries.path[i], 128);
    return count;
}

static size_t count_texts(const char *folder)
{
    char name[128];

    return find_text(folder, 0, name);
}

static size_t replace(unsigned char *bytes, size_t size, size_t at, size_t old, const char *text, size_t length)
{
    memmove(bytes + at + length, bytes + at + old, size - at - old);
    memcpy(bytes + at, text, length);
    return size - old + length;
}

/* The length of the number or string that begins there, or 0. */
static size_t token_at(const unsigned char *text, size_t left)
{
    size_t length = 1;

    if (*text == '"') {
        while (length < left && text[length] != '"')
            length++;
        return length < left ? length + 1 : 0;
    }
    if (!isalnum(*text) && *text != '-')
        return 0;
    while (length < left && (isalnum(text[length]) || strchr(".+-", text[length])))
        length++;
    return length;
}

/* Replaces a token, chosen at random from `start`. */
static size_t put_token(struct mutation *mutation, unsigned char *bytes, size_t start, size_t end, size_t size,
                        const char *text)
{
    size_t at[512], length[512], count = 0;

    for (size_t i = start; i < end && count < 512; i++)
        if ((length[count] = token_at(bytes + i, end - i))) {
            at[count] = i;
            i += length[count++] - 1;
        }
    size_t which = mutation_below(mutation, count);
    return count ? replace(bytes, size, at[which], length[which], text, strlen(text)) : size;
}

static size_t line_start(const unsigned char *bytes, size_t at)
{
    while (at && bytes[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_length(const unsigned char *bytes, size_t size, size_t at)
{
    const unsigned char *end = memchr(bytes + at, '\n', size - at);

    return end ? (size_t)(end - bytes) - at + 1 : size - at;
}

static size_t change_line(struct mutation *mutation, enum text_kind kind, unsigned char *bytes, size_t size)
{
    size_t at = line_start(bytes, mutation_below(mutation, size)), length = line_length(bytes, size, at);
    char *copy = strndup((const char *)bytes + at, length);

    if (kind == LINE_DELETED)
        size = replace(bytes, size, at, length, "", 0);
    else if (kind == LINE_TWICE)
        size = replace(bytes, size, at, 0, copy, strlen(copy));
    else if (kind == LINE_JOINED && length)
        size = replace(bytes, size, at + length - 1, 1, "", 0);
    else if (kind == LINES_SWAPPED) {
        size = replace(bytes, size, at, length, "", 0);
        size = replace(bytes, size, line_start(bytes, mutation_below(mutation, size)), 0, copy, strlen(copy));
    }
    free(copy);
    return size;
}

static size_t change_text(struct mutation *mutation, enum text_kind kind, unsigned char *bytes, size_t size)
{
    size_t at = mutation_below(mutation, size);
    static char repeated[100000];

    memset(repeated, kind == DEEP ? '[' : 'w', sizeof repeated);
    switch (kind) {
    case LINE_LONG:
    case DEEP:
        return replace(bytes, size, kind == DEEP ? 0 : at, 0, repeated, sizeof repeated);
    case MARKED:
        return replace(bytes, size, 0, 0, "\xef\xbb\xbf", 3);
    case NUL_BYTE:
        return replace(bytes, size, at, 1, "", 1);
    case CARRIAGE:
        for (at = 0; at < size && at < 10000; at++)
            if (bytes[at] == '\n')
                size = replace(bytes, size, at++, 0, "\r", 1);
        return size;
    case ALL_DELETED:
        memset(bytes, ' ', size);
        return size;
    case OPEN_END:
        return size && bytes[size - 1] == '\n' ? size - 1 : at;
    default:
        return change_line(mutation, kind, bytes, size);
    }
}

/* The header of a safetensors file lies after its length, which is then corrected. */
static size_t change_header(struct mutation *mutation, unsigned char *bytes, size_t size, const char *token)
{
    uint64_t length;

    memcpy(&length, bytes, sizeof length);
    if (size < 8 || length > size - 8)
        return size;
    size_t changed = put_token(mutation, bytes, 8, 8 + (size_t)length, size, token);
    length += changed - size;
    memcpy(bytes, &length, sizeof length);
    return changed;
}

static bool apply_text(struct mutation *mutation)
{
    char name[128] = "";
    size_t kind = mutation->kind, size;

    find_text(mutation->folder, mutation->place, name);
    unsigned char *bytes = folder_read(folder_at(mutation->folder, name), ROOM, &size);
    if (!bytes || size < 8) {
        free(bytes);
        return false;
    }
    if (kind < TOKENS * PLACES) {
        const char *token = tokens[kind % TOKENS];
        size = strstr(name, ".safetensors") ? change_header(mutation, bytes, size, token)
                                            : put_token(mutation, bytes, 0, size, size, token);
        snprintf(mutation->name, sizeof mutation->name, "%s: %s in the place of something", name, token);
    } else {
        enum text_kind what = (enum text_kind)(kind - TOKENS * PLACES);
        size = change_text(mutation, what, bytes, size);
        snprintf(mutation->name, sizeof mutation->name, "%s: %s", name, text_name[what]);
    }
    folder_write(folder_at(mutation->folder, name), bytes, size);
    free(bytes);
    return true;
}

const struct mutations mutate_texts = {"texts", KINDS, count_texts, apply_text};
