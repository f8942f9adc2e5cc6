/* Names of files and of things in files. */
#ifndef HUBSCOPE_ENGINE_RESULTS_NAME_H
#define HUBSCOPE_ENGINE_RESULTS_NAME_H

#include <stddef.h>

/* What follows the last dot of a path's last component; "" without one. */
const char *name_ending(const char *path);

/* One word for a line of words: blanks of any kind, control characters, % and bytes that are not UTF-8 become %XX, the
 * empty text %.  Cut to size. */
void name_word(char *out, size_t size, const char *text);

/* Text made fit for a file name: characters special to a shell or a file system become _. */
void name_part(char *out, size_t size, const char *text);

/* Inserts `part` before the ending: runs.run becomes runs.PART.run. */
void name_insert(char *out, size_t size, const char *path, const char *part);

#endif
