/* How a file begins, for layouts that recognise it. */
#ifndef HUBSCOPE_ENGINE_LAYOUTS_BEGINNING_H
#define HUBSCOPE_ENGINE_LAYOUTS_BEGINNING_H

#include <stdbool.h>

enum { BEGINNING_MOST = 64 << 10 };

/* Reads the file's first bytes, without a byte-order mark, NUL-terminated; NULs become blanks.  Empty if it cannot be
 * read. */
void beginning_read(const char *file, char head[BEGINNING_MOST + 1]);

bool beginning_has(const char *head, const char *text);
bool beginning_is(const char *head, const char *start); /* begins with it */

#endif
