#include "engine/formats/json_lenient.h"

#include "engine/base/text.h"
#include "engine/formats/json_cursor.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH = 512 };

static bool skip_text(struct json_cursor *cursor)
{
    const char *start = ++cursor->at;

    for (; cursor->at < cursor->end && *cursor->at != '"'; cursor->at++) {
        if ((unsigned char)*cursor->at < ' ')
            return false;
        if (*cursor->at != '\\')
            continue;
        cursor->at++;
        if (cursor->at == cursor->end || !*cursor->at || !strchr("\"\\/bfnrtu", *cursor->at))
            return false;
        if (*cursor->at != 'u')
            continue;
        for (int i = 0; i < 4; i++)
            if (++cursor->at == cursor->end || !isxdigit((unsigned char)*cursor->at))
                return false;
    }
    return cursor->at < cursor->end && text_is_utf8(start, (size_t)(cursor->at++ - start));
}

static bool skip_word(struct json_cursor *cursor)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity", "null", "true", "false"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(cursor->end - cursor->at) >= length && memcmp(cursor->at, words[i], length) == 0) {
            cursor->at += length;
            return true;
        }
    }
    return false;
}

static size_t skip_digits(struct json_cursor *cursor)
{
    const char *start = cursor->at;

    while (cursor->at < cursor->end && isdigit((unsigned char)*cursor->at))
        cursor->at++;
    return (size_t)(cursor->at - start);
}

static bool skip_one(struct json_cursor *cursor, const char *of)
{
    bool found = cursor->at < cursor->end && *cursor->at && strchr(of, *cursor->at);

    cursor->at += found;
    return found;
}

static bool skip_number(struct json_cursor *cursor)
{
    skip_one(cursor, "-");
    const char *first = cursor->at;
    size_t digits = skip_digits(cursor);
    if (!digits || (*first == '0' && digits > 1))
        return false;
    if (skip_one(cursor, ".") && !skip_digits(cursor))
        return false;
    if (!skip_one(cursor, "eE"))
        return true;
    skip_one(cursor, "+-");
    return skip_digits(cursor) > 0;
}

static bool skip_value(struct json_cursor *cursor, unsigned depth);

/* The members of an array or object, up to its end. */
static bool skip_members(struct json_cursor *cursor, bool object, unsigned depth)
{
    const char close = object ? '}' : ']';

    cursor->at++;
    if (json_peek(cursor) == close) {
        cursor->at++;
        return true;
    }
    for (;;) {
        if (object && (json_peek(cursor) != '"' || !skip_text(cursor) || json_peek(cursor) != ':'))
            return false;
        cursor->at += object;
        if (!skip_value(cursor, depth + 1))
            return false;
        char c = json_peek(cursor);
        if (c != ',' && c != close)
            return false;
        cursor->at++;
        if (c == close)
            return true;
    }
}

static bool skip_value(struct json_cursor *cursor, unsigned depth)
{
    char c = json_peek(cursor);

    if (!c || depth > DEPTH)
        return false;
    if (c == '{' || c == '[')
        return skip_members(cursor, c == '{', depth);
    return c == '"' ? skip_text(cursor) : skip_word(cursor) || skip_number(cursor);
}

bool json_lenient(struct json_cursor *cursor)
{
    return skip_value(cursor, 0);
}
