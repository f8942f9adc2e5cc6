#include "ui/terminal/key.h"

#include "engine/base/text.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int code;                /* the code that curses gives its sequence, or the control character */
    const char *sequence[5]; /* those that nearly all terminals send, without ESC */
} named[] = {
    {"Up", KEY_UP, {"[A", "OA"}},
    {"Down", KEY_DOWN, {"[B", "OB"}},
    {"Left", KEY_LEFT, {"[D", "OD"}},
    {"Right", KEY_RIGHT, {"[C", "OC"}},
    {"PageUp", KEY_PPAGE, {"[5~"}},
    {"PageDown", KEY_NPAGE, {"[6~"}},
    {"Home", KEY_HOME, {"[H", "OH", "[1~", "[7~"}},
    {"End", KEY_END, {"[F", "OF", "[4~", "[8~"}},
    {"Delete", KEY_DC, {"[3~"}},
    {"Backspace", KEY_BACKSPACE, {0}},
    {"Enter", KEY_ENTER, {"OM"}},
    {"Shift-Tab", KEY_BTAB, {"[Z"}},
    {"F1", KEY_F(1), {"OP", "[11~", "[[A"}},
    {"Alt-Left", -1, {"[1;3D", "[1;9D"}}, /* curses has no code for these */
    {"Alt-Right", -1, {"[1;3C", "[1;9C"}},
    {"Tab", '\t', {0}},
    {"Esc", 27, {0}},
};
enum { NAMED = sizeof named / sizeof *named };

const char *key_named(size_t index)
{
    return index < NAMED ? named[index].name : NULL;
}

bool key_of_code(int code, char key[KEY_NAME_SIZE])
{
    for (size_t i = 0; i < NAMED; i++) {
        if (named[i].code == code && code < ' ') {
            snprintf(key, KEY_NAME_SIZE, "%s", named[i].name);
            return true;
        }
    }
    if (code == '\r' || code == '\n')
        strcpy(key, "Enter");
    else if (code == 127 || code == 8)
        strcpy(key, "Backspace");
    else if (code > 0 && code <= 26)
        snprintf(key, KEY_NAME_SIZE, "Ctrl-%c", 'A' + code - 1);
    else if (code >= ' ')
        text_put((uint32_t)code, key);
    else
        return false;
    return true;
}

static bool sends(size_t key, const char *sequence)
{
    for (const char *const *other = named[key].sequence; *other; other++)
        if (strcmp(*other, sequence + 1) == 0)
            return true;
    return false;
}

bool key_of_sequence(const char *sequence, char key[KEY_NAME_SIZE])
{
    int code = key_defined(sequence);

    for (size_t i = 0; i < NAMED; i++) {
        if (code > 0 && named[i].code > 0 ? named[i].code == code : sends(i, sequence)) {
            snprintf(key, KEY_NAME_SIZE, "%s", named[i].name);
            return true;
        }
    }
    return false;
}

bool key_with_alt(int code, char key[KEY_NAME_SIZE])
{
    if (code == 'b' || code == 'f' || code == 'd')
        snprintf(key, KEY_NAME_SIZE, "Alt-%c", (char)code);
    else if (code == 127 || code == 8)
        strcpy(key, "Alt-Backspace");
    else
        return false;
    return true;
}

bool key_parse(const char *name, size_t length, char key[KEY_NAME_SIZE])
{
    const char *end = name;

    if (!length || length >= KEY_NAME_SIZE)
        return false;
    memcpy(key, name, length);
    key[length] = 0;
    if (text_next(&end) > ' ' && end == name + length)
        return true;
    if (strcmp(key, "Space") == 0)
        return strcpy(key, " ");
    for (size_t i = 0; i < NAMED; i++)
        if (strcmp(named[i].name, key) == 0)
            return true;
    if (strncmp(key, "Ctrl-", 5) == 0)
        return length == 6 && key[5] >= 'A' && key[5] <= 'Z' && !strchr("HIJM", key[5]);
    return strcmp(key, "Alt-Backspace") == 0 || (strncmp(key, "Alt-", 4) == 0 && length == 5 && strchr("bfd", key[4]));
}
