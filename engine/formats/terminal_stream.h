/* A stream to a terminal that no text from a file can control: it writes what is put into it with every control
 * character (C0, DEL, C1, bidi overrides, line and paragraph separators) replaced by a space and every malformed byte
 * by U+FFFD.  Ends of lines and tabs stay. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TERMINAL_STREAM_H
#define HUBSCOPE_ENGINE_FORMATS_TERMINAL_STREAM_H

#include <stdio.h>

/* Owns the descriptor, which fclose closes.  Null with errno set on failure; the descriptor is then still open. */
FILE *terminal_stream_open(int descriptor);

#endif
