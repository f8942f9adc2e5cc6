#include "ui/line/lineedit.h"

#include "engine/base/text.h"

#include <ctype.h>
#include <string.h>
#include <wchar.h>

/* Width of a character in columns; 1 if the locale does not know it. */
static int columns_of(uint32_t point)
{
    int columns = wcwidth((wchar_t)point);

    return columns < 0 ? 1 : columns;
}

/* Offset after the character at `at` and its combining marks. */
static size_t after(const struct lineedit *line, size_t at)
{
    const char *text = line->text + at;

    if (!text_next(&text))
        return at;
    while (*text) {
        const char *mark = text;
        if (columns_of(text_next(&mark)) != 0)
            break;
        text = mark;
    }
    return (size_t)(text - line->text);
}

static size_t before(const struct lineedit *line, size_t at)
{
    size_t from = 0;

    for (size_t next; from < at && (next = after(line, from)) < at;)
        from = next;
    return from;
}

static bool in_word(char byte)
{
    return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

static size_t word_after(const struct lineedit *line, size_t at)
{
    while (at < line->length && !in_word(line->text[at]))
        at++;
    while (at < line->length && in_word(line->text[at]))
        at++;
    return at;
}

static size_t word_before(const struct lineedit *line, size_t at)
{
    while (at > 0 && !in_word(line->text[at - 1]))
        at--;
    while (at > 0 && in_word(line->text[at - 1]))
        at--;
    return at;
}

static size_t blank_before(const struct lineedit *line, size_t at)
{
    while (at > 0 && line->text[at - 1] == ' ')
        at--;
    while (at > 0 && line->text[at - 1] != ' ')
        at--;
    return at;
}

static enum lineedit_result cut(struct lineedit *line, size_t from, size_t to, bool keep)
{
    if (from >= to)
        return LINEEDIT_MOVED;
    if (keep) {
        memcpy(line->killed, line->text + from, to - from);
        line->killed[to - from] = 0;
    }
    memmove(line->text + from, line->text + to, line->length - to + 1);
    line->length -= to - from;
    line->cursor = from;
    return LINEEDIT_CHANGED;
}

static enum lineedit_result move_to(struct lineedit *line, size_t at)
{
    line->cursor = at;
    return LINEEDIT_MOVED;
}

void lineedit_set(struct lineedit *line, const char *text)
{
    text_clean(line->text, sizeof(line->text), text);
    line->length = line->cursor = strlen(line->text);
    line->first = 0;
}

void lineedit_insert(struct lineedit *line, const char *text)
{
    char clean[MODEL_TEXT];
    size_t room = sizeof(line->text) - line->length; /* with the final NUL */

    text_clean(clean, room, text);
    size_t length = strlen(clean);
    memmove(line->text + line->cursor + length, line->text + line->cursor, line->length - line->cursor + 1);
    memcpy(line->text + line->cursor, clean, length);
    line->length += length;
    line->cursor += length;
}

/* Swaps the characters before and under the cursor; at the end, the last two. */
static enum lineedit_result transpose(struct lineedit *line)
{
    char moved[MODEL_TEXT];
    size_t middle = line->cursor < line->length ? line->cursor : before(line, line->length);
    size_t start = before(line, middle), end = after(line, middle);

    if (middle == 0 || start == middle)
        return LINEEDIT_MOVED;
    memcpy(moved, line->text + start, middle - start);
    memmove(line->text + start, line->text + middle, end - middle);
    memcpy(line->text + start + (end - middle), moved, middle - start);
    line->cursor = end;
    return LINEEDIT_CHANGED;
}

static enum lineedit_result recall(struct lineedit *line, const char *text)
{
    if (!text)
        return LINEEDIT_MOVED;
    lineedit_set(line, text);
    return LINEEDIT_CHANGED;
}

static bool is(const char *key, const char *a, const char *b)
{
    return strcmp(key, a) == 0 || strcmp(key, b) == 0;
}

static enum lineedit_result move_key(struct lineedit *line, const char *key)
{
    if (is(key, "Left", "Ctrl-B"))
        return move_to(line, before(line, line->cursor));
    if (is(key, "Right", "Ctrl-F"))
        return move_to(line, after(line, line->cursor));
    if (is(key, "Home", "Ctrl-A"))
        return move_to(line, 0);
    if (is(key, "End", "Ctrl-E"))
        return move_to(line, line->length);
    if (is(key, "Alt-b", "Alt-B"))
        return move_to(line, word_before(line, line->cursor));
    if (is(key, "Alt-f", "Alt-F"))
        return move_to(line, word_after(line, line->cursor));
    return LINEEDIT_NOT_MINE;
}

static enum lineedit_result cut_key(struct lineedit *line, const char *key)
{
    size_t at = line->cursor;

    if (strcmp(key, "Backspace") == 0)
        return cut(line, before(line, at), at, false);
    if (is(key, "Delete", "Ctrl-D"))
        return cut(line, at, after(line, at), false);
    if (strcmp(key, "Ctrl-W") == 0)
        return cut(line, blank_before(line, at), at, true);
    if (strcmp(key, "Alt-Backspace") == 0)
        return cut(line, word_before(line, at), at, true);
    if (strcmp(key, "Alt-d") == 0)
        return cut(line, at, word_after(line, at), true);
    if (strcmp(key, "Ctrl-U") == 0)
        return cut(line, 0, at, true);
    if (strcmp(key, "Ctrl-K") == 0)
        return cut(line, at, line->length, true);
    return LINEEDIT_NOT_MINE;
}

enum lineedit_result lineedit_key(struct lineedit *line, const char *key)
{
    const char *end = key;
    enum lineedit_result result = move_key(line, key);

    if (result == LINEEDIT_NOT_MINE)
        result = cut_key(line, key);
    if (result != LINEEDIT_NOT_MINE)
        return result;
    if (strcmp(key, "Ctrl-T") == 0)
        return transpose(line);
    if (strcmp(key, "Ctrl-Y") == 0) {
        lineedit_insert(line, line->killed);
        return LINEEDIT_CHANGED;
    }
    if (line->history && strcmp(key, "Up") == 0)
        return recall(line, history_older(line->history, line->text));
    if (line->history && strcmp(key, "Down") == 0)
        return recall(line, history_newer(line->history));
    if (text_next(&end) < ' ' || *end) /* the name of a key, not a character */
        return LINEEDIT_NOT_MINE;
    lineedit_insert(line, key);
    return LINEEDIT_CHANGED;
}

static int columns_between(const struct lineedit *line, size_t from, size_t to)
{
    const char *text = line->text + from;
    int columns = 0;

    while (text < line->text + to)
        columns += columns_of(text_next(&text));
    return columns;
}

int lineedit_scroll(struct lineedit *line, int columns)
{
    if (line->first > line->length || line->cursor < line->first)
        line->first = line->cursor;
    while (line->first > 0 && columns_between(line, before(line, line->first), line->length) < columns)
        line->first = before(line, line->first); /* room at the right: show more at the left */
    while (line->first < line->cursor && columns_between(line, line->first, line->cursor) >= columns)
        line->first = after(line, line->first);
    return columns_between(line, line->first, line->cursor);
}

void lineedit_click(struct lineedit *line, int column)
{
    line->cursor = line->first;
    while (line->cursor < line->length) {
        size_t next = after(line, line->cursor);
        if (columns_between(line, line->first, next) > column)
            break;
        line->cursor = next;
    }
}
