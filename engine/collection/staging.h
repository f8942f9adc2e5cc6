/* Staging of a directory: written beside its destination and renamed into place when complete.
 *
 * Whatever kills the process, the destination is either unchanged or the complete new directory.  The next staging of
 * the same destination removes directories that killed processes left behind. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_STAGING_H
#define HUBSCOPE_ENGINE_COLLECTION_STAGING_H

#include "engine/base/error.h"
#include <stdbool.h>

enum { STAGING_SPARE = 3 }; /* a collection has models/NAME/encoder at most */

struct staging {              /* stays where it is while open */
    char *path;               /* where to write now */
    char *destination;        /* if it exists without symbolic links; no trailing slash */
    bool replace;             /* a collection exists there and will be replaced */
    int lock;                 /* on `path`, held while this process lives */
    int old_lock;             /* on the replaced directory, so that two programs do not change it at once */
    int spare[STAGING_SPARE]; /* descriptors kept for removing the directory where there are no others */
    struct staging *next;     /* open as well */
};

/* Checks, touching nothing, whether staging_open would accept the destination; sets *replaces if a collection exists
 * there. */
int staging_check(const char *destination, bool replace, bool *replaces, struct error *error);

/* Creates the directory.  Refuses a destination that exists, unless it is empty, or `replace` is set and it contains a
 * collection and nothing else. */
int staging_open(struct staging *staging, const char *destination, bool replace, struct error *error);

/* The same for a folder of another kind: an existing one is replaced if `replaceable`, called with its path, returns 0;
 * otherwise `replaceable` fills the error.  Null: nothing is replaced. */
int staging_open_folder(struct staging *staging, const char *destination,
                        int (*replaceable)(const char *folder, struct error *error), struct error *error);

/* Makes everything durable and renames it into place; releases the staging if that succeeds. */
int staging_commit(struct staging *staging, struct error *error);

/* Removes what was written.  A zeroed or committed staging is fine. */
void staging_abandon(struct staging *staging);

/* The same for all that are open, when the process is about to exit. */
void staging_abandon_all(void);

#endif
