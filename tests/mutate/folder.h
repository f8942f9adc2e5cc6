/* Folders as a whole: copied, removed, compared. */
#ifndef HUBSCOPE_TESTS_MUTATE_FOLDER_H
#define HUBSCOPE_TESTS_MUTATE_FOLDER_H

#include <stddef.h>

enum { FOLDER_PATH = 1024, FOLDER_ENTRIES = 64 };

struct folder_entries { /* paths below the folder, sorted */
    char path[FOLDER_ENTRIES][128];
    size_t count;
};

void folder_copy(const char *from, const char *to); /* `to` does not exist; leaves out nothing */
void folder_remove(const char *path);               /* a file, too; what does not exist is fine */
void folder_list(struct folder_entries *entries, const char *path);

/* One line an entry with its kind, size and digest; the caller frees it. */
char *folder_describe(const char *path);

/* "folder/name", in one of a few buffers used in turn. */
const char *folder_at(const char *folder, const char *name);

/* The bytes of a regular file, with room for `more`; the caller frees them.  Null if it is not one. */
unsigned char *folder_read(const char *path, size_t more, size_t *size);
void folder_write(const char *path, const void *bytes, size_t size); /* replaces an existing file */

#endif
