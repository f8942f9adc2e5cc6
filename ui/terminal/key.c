#include "ui/terminal/key.h"

#include "engine/base/text.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int code;
    const char *name;
} named[] = {
    {KEY_UP, "Up"},        {KEY_DOWN, "Down"},
    {KEY_LEFT, "Left"},    {KEY_RIGHT, "Right"},
    {KEY_PPAGE, "PageUp"}, {KEY_NPAGE, "PageDown"},
    {KEY_HOME, "Home"},    {KEY_END, "End"},
    {KEY_DC, "Delete"},    {KEY_BACKSPACE, "Backspace"},
    {KEY_ENTER, "Enter"},  {KEY_BTAB, "Shift-Tab"},
    {KEY_F(1), "F1"},      {'\t', "Tab"},
    {27, "Esc"},
};

const char *key_named(size_t index)
{
    return index < sizeof named / sizeof *named ? named[index].name : NULL;
}

bool key_of_code(int code, bool function, char key[KEY_NAME_SIZE])
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (named[i].code == code && function == (code > 255)) {
            snprintf(key, KEY_NAME_SIZE, "%s", named[i].name);
            return true;
        }
    }
    if (function)
        return false;
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
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(named[i].name, key) == 0)
            return true;
    if (strncmp(key, "Ctrl-", 5) == 0)
        return length == 6 && key[5] >= 'A' && key[5] <= 'Z' && !strchr("HIJM", key[5]);
    return strcmp(key, "Alt-Backspace") == 0 || (strncmp(key, "Alt-", 4) == 0 && length == 5 && strchr("bfd", key[4]));
}
