/* Whole files: reading with a size limit, mapping, and writing all or nothing. */
#ifndef HUBSCOPE_ENGINE_FORMATS_FILE_H
#define HUBSCOPE_ENGINE_FORMATS_FILE_H

#include "engine/base/error.h"
#include <stddef.h>

/* Returns the file's bytes followed by a NUL; the caller frees them.  Refuses files over `limit` bytes. */
char *file_read(const char *path, size_t limit, size_t *size, struct error *error);

/* The same for a file that the user did not name, inside a folder: only a regular file, so that a pipe there is refused
 * instead of waited for. */
char *file_read_regular(const char *path, size_t limit, size_t *size, struct error *error);

/* Maps a regular file read-only (engine/base/mapping.h); an empty file gives null with *size 0 and error NONE. */
void *file_map(const char *path, size_t *size, struct error *error);

struct file_part {
    const void *bytes;
    size_t size;
};

/* Writes the parts one after another, all or nothing (engine/formats/output.h), replacing an existing file.  On failure
 * nothing is left behind and an existing `path` is untouched. */
int file_write(const char *path, const struct file_part *parts, size_t count, struct error *error);

/* Writes "dir/name" into buffer; fails if it does not fit. */
int file_join(char *buffer, size_t size, const char *dir, const char *name, struct error *error);

#endif
