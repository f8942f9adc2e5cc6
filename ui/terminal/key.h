/* Keys by name: "a", "é", " ", "Ctrl-A", "Alt-b", "PageDown". */
#ifndef HUBSCOPE_UI_TERMINAL_KEY_H
#define HUBSCOPE_UI_TERMINAL_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum { KEY_NAME_SIZE = 16 };

/* Converts a key as written in scripts and actions.def ("Space" for " ") to its name; false if there is no such key. */
bool key_parse(const char *text, size_t length, char key[KEY_NAME_SIZE]);

/* The name of a character; false if it has none. */
bool key_of_code(int code, char key[KEY_NAME_SIZE]);

/* The name of the key that sends a sequence, by terminfo or else as nearly all terminals do; false if there is none. */
bool key_of_sequence(const char *sequence, char key[KEY_NAME_SIZE]);

/* The name of the Alt key that Esc and the character right after it make; false if they are two keys. */
bool key_with_alt(int code, char key[KEY_NAME_SIZE]);

/* The keys that are not characters, one after another; null past the last. */
const char *key_named(size_t index);

#endif
