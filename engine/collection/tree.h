/* Files copied or linked from one directory to another. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_TREE_H
#define HUBSCOPE_ENGINE_COLLECTION_TREE_H

#include "engine/base/error.h"

/* Copies a regular file to a path that does not exist. */
int tree_copy_file(const char *from, const char *to, struct error *error);

/* Reproduces the tree below `from` in the existing directory `to`: as hard links if the file system can, else as
 * copies; symbolic links are created again.  Leaves out entries of `from` itself named in the null-terminated list
 * `except`, and files of any other type. */
int tree_link(const char *from, const char *to, const char *const *except, struct error *error);

/* Removes a file, or a directory with all below it; what does not exist is fine.  Takes no memory, and a descriptor for
 * each level. */
int tree_remove(const char *path, struct error *error);

#endif
