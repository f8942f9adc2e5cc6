#include "engine/formats/json_cursor.h"

#include <string.h>

char json_peek(struct json_cursor *cursor)
{
    for (; cursor->at < cursor->end; cursor->at++) {
        char c = *cursor->at;
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return c;
        cursor->line += c == '\n';
    }
    return 0;
}

static bool skip_string(struct json_cursor *cursor)
{
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '\\')
            cursor->at++;
        else if (*cursor->at == '"') {
            cursor->at++;
            return true;
        }
    }
    cursor->at = cursor->end; /* a backslash at the very end skipped past it */
    return false;
}

bool json_skip(struct json_cursor *cursor)
{
    size_t depth = 0;

    do {
        char c = json_peek(cursor);
        if (!c)
            return false;
        if (c == '"') {
            if (!skip_string(cursor))
                return false;
            continue;
        }
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        else if (c != ',' && c != ':') { /* a number or a word */
            size_t length = strcspn(cursor->at, " \t\r\n,:[]{}\"");
            size_t left = (size_t)(cursor->end - cursor->at);
            cursor->at += length < left ? length ? length : 1 : left;
            continue;
        }
        cursor->at++;
    } while (depth > 0);
    return true;
}
