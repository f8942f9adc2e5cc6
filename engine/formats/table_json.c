/* JSON: an array of objects, or an object one of whose members is such an array. */
#include "engine/formats/json_cursor.h"
#include "engine/formats/json_rows.h"
#include "engine/formats/table_data.h"
#include "engine/formats/table_line.h"
#include "engine/formats/table_reader.h"

#include <stdio.h>
#include <string.h>

enum { MEMBERS = 64 };

struct members { /* the members of an object that are arrays of objects */
    struct member {
        const char *name; /* as spelled in the file */
        size_t length;
        struct json_cursor rows; /* right after its '[' */
    } member[MEMBERS];
    size_t count;
};

static int refuse(const struct table *table, const struct json_cursor *cursor, const char *what, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s:%zu: %s", table->path, cursor->line, what);
}

/* Records the value at the cursor if it is an array of objects, or an empty one. */
static void note_member(struct members *members, const char *name, size_t length, const struct json_cursor *value)
{
    struct json_cursor inside = *value;

    if (*inside.at != '[' || members->count == MEMBERS)
        return;
    inside.at++;
    struct json_cursor first = inside;
    char c = json_peek(&first);
    if (c == '{' || c == ']')
        members->member[members->count++] = (struct member){name, length, inside};
}

/* Walks the members of the object at the cursor. */
static int list_members(const struct table *table, struct json_cursor *cursor, struct members *members,
                        struct error *error)
{
    cursor->at++;
    if (json_peek(cursor) == '}')
        return 0;
    for (;;) {
        if (json_peek(cursor) != '"')
            return refuse(table, cursor, "a name in quotes is missing", error);
        const char *name = cursor->at + 1;
        if (!json_skip(cursor))
            return refuse(table, cursor, "a name's closing quote is missing", error);
        size_t length = (size_t)(cursor->at - 1 - name);
        if (json_peek(cursor) != ':')
            return refuse(table, cursor, "':' is missing", error);
        cursor->at++;
        if (!json_peek(cursor))
            return refuse(table, cursor, "a value is missing", error);
        note_member(members, name, length, cursor);
        if (!json_skip(cursor))
            return refuse(table, cursor, "the file ends early", error);
        char c = json_peek(cursor);
        if (c != ',' && c != '}')
            return refuse(table, cursor, "',' or '}' is missing", error);
        cursor->at++;
        if (c == '}')
            return 0;
    }
}

static void join_names(const struct members *members, char *buffer, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < members->count && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%.*s", i ? ", " : "",
                                 (int)(members->member[i].length < 64 ? members->member[i].length : 64),
                                 members->member[i].name);
}

/* Returns the member to read: the one named, or the only one. */
static const struct member *choose(const struct table *table, const struct members *members, const char *name,
                                   struct error *error)
{
    char names[240] = "";

    for (size_t i = 0; name && i < members->count; i++)
        if (members->member[i].length == strlen(name) && memcmp(members->member[i].name, name, strlen(name)) == 0)
            return &members->member[i];
    if (!name && members->count == 1)
        return &members->member[0];
    join_names(members, names, sizeof names);
    if (members->count == 0)
        error_set(error, ERROR_INPUT, "%s: holds no array of objects", table->path);
    else if (name)
        error_set(error, ERROR_INPUT, "%s: has no array of objects \"%.80s\"; it has: %s", table->path, name, names);
    else
        error_set(error, ERROR_INPUT, "%s: holds several arrays of objects (%s); say which as %s:NAME", table->path,
                  names, table->path);
    return NULL;
}

static int read_json(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    size_t start = table_skip_mark(*bytes, size);
    struct json_cursor cursor = {.at = *bytes + start, .end = *bytes + size, .line = 1};
    struct members members = {.count = 0};
    char first = json_peek(&cursor);

    if (first == '[' && member)
        return error_set(error, ERROR_INPUT, "%s: is an array, which has no member \"%.80s\" to read", table->path,
                         member);
    if (first == '[') {
        cursor.at++;
        if (json_rows(table, &cursor, true, ']', error))
            return -1;
        return json_peek(&cursor) || cursor.at < cursor.end
                   ? refuse(table, &cursor, "something follows the end of the array", error)
                   : 0;
    }
    if (first != '{')
        return refuse(table, &cursor, "is not JSON: it begins with neither '[' nor '{'", error);
    if (list_members(table, &cursor, &members, error))
        return -1;
    const struct member *chosen = choose(table, &members, member, error);
    if (!chosen)
        return -1;
    cursor = chosen->rows;
    return json_rows(table, &cursor, true, ']', error);
}

/* An object of objects: `member` is the first column, of their names. */
static int read_named(struct table *table, char **bytes, size_t size, const char *member, struct error *error)
{
    size_t start = table_skip_mark(*bytes, size);
    struct json_cursor cursor = {.at = *bytes + start, .end = *bytes + size, .line = 1};

    if (json_peek(&cursor) != '{')
        return refuse(table, &cursor, "is not a JSON object of objects: it does not begin with '{'", error);
    cursor.at++;
    return json_named_rows(table, &cursor, member, error);
}

static bool recognise(const char *bytes, size_t size)
{
    size_t start = table_skip_mark(bytes, size);
    struct json_cursor cursor = {.at = bytes + start, .end = bytes + size, .line = 1};
    char first = json_peek(&cursor);

    return first == '[' || (first == '{' && !table_jsonl.recognise(bytes, size));
}

const struct table_reader table_json = {
    .name = "JSON",
    .help = "an array of objects, or FILE:MEMBER within an object",
    .extensions = "json",
    .recognise = recognise,
    .read = read_json,
};

const struct table_reader table_json_named = {
    .name = "JSON object of objects",
    .help = "one object a row",
    .extensions = "json",
    .recognise = recognise,
    .read = read_named,
};
