/* Text files as bytes of UTF-8. */
#ifndef HUBSCOPE_ENGINE_FORMATS_TEXT_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_TEXT_FILE_H

#include "engine/base/error.h"
#include <stddef.h>

/* Returns the file's bytes followed by a NUL; UTF-16 with its byte-order mark becomes UTF-8, all else stays as it is.
 * The caller frees them.  Refuses files over `limit` bytes, and UTF-16 with half a character. */
char *text_file_read(const char *path, size_t limit, size_t *size, struct error *error);

#endif
