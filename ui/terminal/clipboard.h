/* The clipboard of the user's machine, written through the terminal (OSC 52), also over ssh.  Whether the terminal
 * allows it is not known. */
#ifndef HUBSCOPE_UI_TERMINAL_CLIPBOARD_H
#define HUBSCOPE_UI_TERMINAL_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

enum { CLIPBOARD_MAX = 75000 }; /* bytes; terminals ignore more */

/* Control characters other than tabs and newlines become spaces.  False without a terminal, if there are more bytes
 * than CLIPBOARD_MAX, or out of memory. */
bool clipboard_put(const char *text, size_t size);

#endif
