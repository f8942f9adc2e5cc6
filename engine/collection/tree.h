/* Files copied or linked from one directory to another. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_TREE_H
#define HUBSCOPE_ENGINE_COLLECTION_TREE_H

#include "engine/base/error.h"

/* Copies a regular file to a name that is not taken. */
int tree_copy_file(const char *from, const char *to, struct error *error);

/* Gives every file below `from` the same place below `to`, which exists: as another name of the same
 * file where the file system can, else as a copy; symbolic links are made again.  Entries of `from`
 * itself whose name is in the null-terminated list `except` are left out; so is what is none of
 * these. */
int tree_link(const char *from, const char *to, const char *const *except, struct error *error);

#endif
