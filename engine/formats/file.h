/* Whole files: reading with a size limit, mapping, and writing all or nothing. */
#ifndef HUBSCOPE_ENGINE_FORMATS_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_FILE_H

#include "engine/base/error.h"
#include <stddef.h>

/* The file's bytes with a final zero byte; the caller frees them. Files over `limit` bytes are
 * refused. */
char *file_read(const char *path, size_t limit, size_t *size, struct error *error);

/* Maps a regular file read-only; *size is 0 and the result null with error NONE for an empty file.
 */
void *file_map(const char *path, size_t *size, struct error *error);

struct file_part {
    const void *bytes;
    size_t size;
};

/* Writes the parts one after another, all or nothing (engine/formats/output.h), over an older file
 * of that name. On failure nothing is left behind and an older `path` is untouched. */
int file_write(const char *path, const struct file_part *parts, size_t count, struct error *error);

/* "dir/name" into buffer; fails when it does not fit. */
int file_join(char *buffer, size_t size, const char *dir, const char *name, struct error *error);

#endif
