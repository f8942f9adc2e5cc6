/* A directory in the making: written beside its destination and renamed into place when it is
 * whole.
 *
 * Whatever kills the process, the destination is what it was before or the complete new directory.
 * Directories that killed processes left behind are removed by the next staging of the same
 * destination. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_STAGING_H
#define HUBSCOPE_ENGINE_COLLECTION_STAGING_H

#include "engine/base/error.h"
#include <stdbool.h>

struct staging {
    char *path;        /* where to write now */
    char *destination; /* without symbolic links where it exists, no final slash */
    bool replace;      /* a collection stands there and is to be replaced */
    int lock;          /* of `path`, held while this process lives */
    int old_lock;      /* of what is replaced, so that two programs do not change it at once */
};

/* Whether staging_open would take the destination, touching nothing; *replaces tells whether a
 * collection stands there. */
int staging_check(const char *destination, bool replace, bool *replaces, struct error *error);

/* Makes the directory.  Refuses a destination that exists, unless it is empty or `replace` is set
 * and it holds a collection and nothing else. */
int staging_open(struct staging *staging, const char *destination, bool replace, struct error *error);

/* The same for a folder of another kind: what stands there is replaced when `replaceable` (with the
 * folder's path) returns 0; else it fills the error.  Null: nothing is replaced. */
int staging_open_folder(struct staging *staging, const char *destination,
                        int (*replaceable)(const char *folder, struct error *error), struct error *error);

/* Makes everything durable and renames it into place; releases the staging if that succeeds. */
int staging_commit(struct staging *staging, struct error *error);

/* Removes what was written.  A zeroed or committed staging is fine. */
void staging_abandon(struct staging *staging);

#endif
