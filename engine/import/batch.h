/* Work on many pictures or video files: on the pool, a batch at a time. */
#ifndef HUBSCOPE_ENGINE_IMPORT_BATCH_H
#define HUBSCOPE_ENGINE_IMPORT_BATCH_H

#include "engine/import/key_files.h"
#include "engine/import/making.h"

struct import_work { /* for each video */
    size_t item_size; /* of what a row gives; zeroed before `work` */
    /* On any thread; `making` is only read.  Not called once the job is cancelled. */
    void (*work)(struct making *making, size_t row, void *item);
    /* On the calling thread and in order. */
    int (*take)(struct making *making, size_t row, void *item, struct error *error);
    void (*close)(void *item); /* releases what `work` left in it; may be null */
};

/* Does the work of rows 0..rows-1 on the pool with a job_step each; the results at hand are few. */
int import_in_batches(struct making *making, size_t rows, const struct import_work *work,
                      struct error *error);

/* Whether the videos have keys to find files in `dir` by.  Without any table that is a fault. */
bool import_has_keys(struct making *making, const char *dir);

/* Remarks how many videos have no file of their key, if any. */
void import_remark_missing(struct making *making, const struct key_files *files, const char *dir,
                           const char *what);

#endif
