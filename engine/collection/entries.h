/* What lies in a collection's directory, before any of it is opened: a pipe or a device would be waited for, and a
 * symbolic link could lead to files of somebody else. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_ENTRIES_H
#define HUBSCOPE_ENGINE_COLLECTION_ENTRIES_H

#include "engine/base/error.h"

/* Refuses a directory in which, at any depth, something is neither a regular file nor a directory, or is a symbolic
 * link that leads out of the directory or nowhere; the error names it.  Reads names only. */
int entries_check(const char *path, struct error *error);

#endif
