#include "engine/encoders/references.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

enum {
    NAME_BYTES = 32, /* "CounterClockwiseContourIntegral" with its end */
    SHORTEST = 2,    /* of the names that need no semicolon */
    CERTAIN_MOST = 24,
    DECODED_MOST = 4 /* characters; no reference is shorter */
};

static const uint32_t REPLACEMENT = 0xfffd, LARGEST = 0x10ffff;

struct entity {
    char name[NAME_BYTES];
    uint32_t character[2]; /* the second may be 0 */
    bool bare;             /* needs no semicolon */
};

static const struct entity entities[] = {
#define NAME(name, character) {#name, {character, 0}, false},
#define BARE(name, character) {#name, {character, 0}, true},
#define PAIR(name, first, second) {#name, {first, second}, false},
#include "engine/encoders/entities.def"
#undef NAME
#undef BARE
#undef PAIR
};

struct reference { /* one that was decoded */
    size_t length; /* of what stood in the text; 0: it is not a reference */
    uint32_t character[DECODED_MOST];
    size_t count; /* of characters */
};

static int compare(const void *name, const void *entity)
{
    return strcmp(name, ((const struct entity *)entity)->name);
}

static const struct entity *find(const char *name)
{
    return bsearch(name, entities, sizeof entities / sizeof *entities, sizeof *entities, compare);
}

static bool is_digit(uint32_t character, bool hex)
{
    return (character >= '0' && character <= '9') ||
           (hex && ((character >= 'a' && character <= 'f') || (character >= 'A' && character <= 'F')));
}

static bool is_alphanumeric(uint32_t character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* Letters and digits at `text`, at most as many as a name has; NUL-terminated. */
static size_t read_name(const uint32_t *text, size_t count, char name[NAME_BYTES])
{
    size_t length = 0;

    while (length < count && length < NAME_BYTES - 1 && is_alphanumeric(text[length])) {
        name[length] = (char)text[length];
        length++;
    }
    name[length] = '\0';
    return length;
}

/* The entity of the longest beginning of the name that needs no semicolon, or null. */
static const struct entity *find_bare(const char *name, size_t *length)
{
    char beginning[NAME_BYTES];

    strcpy(beginning, name);
    for (*length = strlen(name); *length >= SHORTEST; (*length)--) {
        beginning[*length] = '\0';
        const struct entity *entity = find(beginning);
        if (entity && entity->bare)
            return entity;
    }
    return NULL;
}

static struct reference take(const struct entity *entity, size_t length)
{
    struct reference reference = {.length = length, .count = entity->character[1] ? 2 : 1};

    memcpy(reference.character, entity->character, sizeof entity->character);
    return reference;
}

/* Characters that HTML allows no number for. */
static bool is_dropped(uint32_t character)
{
    return (character >= 1 && character <= 8) || character == 0xb || (character >= 0xe && character <= 0x1f) ||
           (character >= 0x7f && character <= 0x9f) || (character >= 0xfdd0 && character <= 0xfdef) ||
           (character & 0xfffe) == 0xfffe;
}

uint32_t references_windows(uint32_t character)
{
    static const uint16_t windows[] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                       0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                       0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                       0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

    return character >= 0x80 && character <= 0x9f ? windows[character - 0x80] : character;
}

/* "&#" and digits, perhaps a semicolon. */
static struct reference decode_number(const uint32_t *text, size_t count)
{
    bool hex = count > 2 && (text[2] == 'x' || text[2] == 'X');
    size_t first = hex ? 3 : 2, at = first;
    uint32_t number = 0;

    for (; at < count && is_digit(text[at], hex); at++)
        if (number <= LARGEST) {
            uint32_t digit = text[at] <= '9' ? text[at] - '0' : (text[at] | 0x20) - 'a' + 10;
            number = number * (hex ? 16 : 10) + digit;
        }
    if (at == first)
        return (struct reference){0};
    struct reference reference = {.length = at + (at < count && text[at] == ';'), .count = 1};
    if (number >= 0x80 && number <= 0x9f)
        reference.character[0] = references_windows(number);
    else if (number == 0 || number > LARGEST || (number >= 0xd800 && number <= 0xdfff))
        reference.character[0] = REPLACEMENT;
    else if (is_dropped(number))
        reference.count = 0;
    else
        reference.character[0] = number;
    return reference;
}

static struct reference decode(const uint32_t *text, size_t count)
{
    char name[NAME_BYTES];
    size_t length;

    if (count > 1 && text[1] == '#')
        return decode_number(text, count);
    length = read_name(text + 1, count - 1, name);
    const struct entity *entity = length + 1 < count && text[length + 1] == ';' ? find(name) : NULL;
    if (entity)
        return take(entity, length + 2);
    entity = find_bare(name, &length);
    return entity ? take(entity, length + 1) : (struct reference){0};
}

/* A name in capitals that HTML knows in small letters alone. */
static struct reference decode_capitals(const char *name, size_t length)
{
    char small[NAME_BYTES];
    size_t bare;

    for (size_t i = 0; i <= length; i++) {
        if (name[i] >= 'a' && name[i] <= 'z')
            return (struct reference){0};
        small[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    }
    const struct entity *entity = find(small);
    if (!entity || find_bare(name, &bare))
        return (struct reference){0};
    struct reference reference = take(entity, length + 2);
    uint32_t upper[DECODED_MOST];
    size_t count = DECODED_MOST;
    uint32_t *made = u32_toupper(reference.character, reference.count, NULL, NULL, upper, &count);
    if (made == upper) {
        memcpy(reference.character, upper, count * sizeof *upper);
        reference.count = count;
    } else
        free(made); /* out of memory: no character has more in upper case */
    return reference;
}

static struct reference decode_certain(const uint32_t *text, size_t count)
{
    char name[NAME_BYTES];
    bool number = count > 1 && text[1] == '#';
    size_t start = 1 + number, length = read_name(text + start, count - start, name), end = start + length;

    if (!length || length > CERTAIN_MOST || end == count || text[end] != ';')
        return (struct reference){0};
    if (!number) {
        const struct entity *entity = find(name);
        return entity ? take(entity, end + 1) : decode_capitals(name, length);
    }
    struct reference reference = decode_number(text, count);
    bool whole = reference.length == end + 1 && !(reference.count && reference.character[0] == ';');
    return whole ? reference : (struct reference){0};
}

static size_t decode_all(uint32_t *text, size_t count, struct reference (*one)(const uint32_t *, size_t))
{
    size_t used = 0;

    for (size_t at = 0; at < count;) {
        struct reference reference = {0};
        if (text[at] == '&')
            reference = one(text + at, count - at);
        if (!reference.length) {
            text[used++] = text[at++];
            continue;
        }
        memcpy(text + used, reference.character, reference.count * sizeof *text);
        used += reference.count;
        at += reference.length;
    }
    return used;
}

size_t references_decode(uint32_t *text, size_t count)
{
    return decode_all(text, count, decode);
}

size_t references_decode_certain(uint32_t *text, size_t count)
{
    return decode_all(text, count, decode_certain);
}
