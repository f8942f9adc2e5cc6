/* Work on many pictures or video files: on the pool, in batches. */
#ifndef HUBSCOPE_ENGINE_IMPORT_BATCH_H
#define HUBSCOPE_ENGINE_IMPORT_BATCH_H

#include "engine/import/key_files.h"
#include "engine/import/making.h"

struct import_work {  /* for each video */
    size_t item_size; /* of a row's result; zeroed before `work` */
    /* On any thread; must not modify `making`.  Not called once the job is cancelled. */
    void (*work)(struct making *making, size_t row, void *item);
    /* On the calling thread and in order. */
    int (*take)(struct making *making, size_t row, void *item, struct error *error);
    void (*close)(void *item); /* releases what `work` left in the item; may be null */
};

/* Does the work of rows 0..rows-1 on the pool with a job_step each; holds few results at a time. */
int import_in_batches(struct making *making, size_t rows, const struct import_work *work, struct error *error);

/* Whether the videos have keys to find files in `dir` by.  Without any table that is a fault. */
bool import_has_keys(struct making *making, const char *dir);

/* Adds a remark on how many videos have no file of their key, if any. */
void import_remark_missing(struct making *making, const struct key_files *files, const char *dir, const char *what);

#endif
