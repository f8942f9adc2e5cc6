/* What an import is made of: the parts that check what they will take and then write it.  A part is
 * a file import_NAME.c with one struct import_part, and its entry in the table of import.c. */
#ifndef HUBSCOPE_ENGINE_IMPORT_PARTS_H
#define HUBSCOPE_ENGINE_IMPORT_PARTS_H

#include "engine/catalog/write.h"
#include "engine/formats/table.h"
#include "engine/import/import.h"
#include "engine/layouts/layout.h"
#include "engine/matrices/matrix.h"
#include "engine/collection/staging.h"

#include <sys/types.h>

enum { IMPORT_STEP = 64 }; /* rows or files a job_step */

struct import_texts { /* a table of texts; the first is that of all, the others are of one bank */
    struct table *table;  /* null where it could not be read */
    const char *path;     /* as the user names it */
    size_t bank;          /* SIZE_MAX: of all */
    size_t split, video, caption; /* columns; SIZE_MAX: absent */
    uint32_t *split_of; /* of each row: 0 query, 1 + i bank i, UINT32_MAX left out; null where
                           splits are not sound */
    uint32_t *video_of; /* of each row: video, or UINT32_MAX */
};

struct import_tables {
    const struct dataset_layout *layout;
    struct table *videos;     /* null without one, or where it could not be read */
    const char *videos_from;  /* the file that tells of the videos, for errors */
    size_t key, title, tags, duration_ms, frames, strip, poster,
        file; /* columns; SIZE_MAX: absent */
    size_t video_count;  /* 0: not known */
    const char **key_of; /* of each video, borrowed from the tables; null where they are not sound */
    uint32_t *by_key;    /* videos sorted by key; null where keys are not sound */
    struct import_texts *texts;
    size_t text_tables;
    size_t *count; /* (1 + banks) texts of each split; null where splits are not sound */
    int64_t first_text; /* catalog id of the first that is written */
};

struct import_existing { /* a collection that is changed: see existing.h */
    struct catalog *catalog;
    bool stored;      /* it holds similarities; the dimension is the number of videos then */
    size_t dimension, banks, video_banks;
    bool encoder;
    char **key; /* (keys) of its videos */
    size_t keys;
    dev_t device; /* of the catalog's file */
    ino_t file;
};

struct import_matrix { /* a matrix on its way into the collection */
    const char *path;
    char file[96];        /* its name there */
    struct matrix matrix; /* rows 0: it could not be opened */
    bool unit;            /* all rows are of length 1 */
};

struct import_thumbnail { /* what the check found */
    int frames; /* side by side; 0: the video has no picture */
};

struct making { /* a collection in the making */
    const struct import *import;
    struct import_report *report; /* checks fill it */
    struct findings *findings;
    struct job *job;

    struct import_existing existing;
    struct import_tables tables;
    struct import_matrix *matrix; /* what leads, then banks, video banks */
    size_t matrices, leading;     /* videos and queries or similarities lead, of a change nothing */
    uint32_t *target; /* of each row of similarities: its video, UINT32_MAX for none */
    struct import_thumbnail *thumbnail; /* of each video; null without pictures */
    struct key_files *pictures, *videos; /* null where the table names the files */
    bool has_video_files;                /* and they can be read */

    struct staging staging; /* only while parts write */
    struct catalog_writer *writer;
    uint64_t digest; /* of the matrices */
};

struct import_part {
    const char *name;
    /* Looks at all that will be written and adds what is wrong to making->findings.  Parts checked
     * before may have found faults: what they know then is absent, and what needs it is left out.
     * -1 only for what nobody can mend in the input (memory, cancelled). */
    int (*check)(struct making *making, struct error *error);
    /* Writes into making->staging.path and making->writer; nothing had faults.  May be null. */
    int (*write)(struct making *making, struct error *error);
    void (*close)(struct making *making); /* releases what check made; may be null */
};

extern const struct import_part import_part_tables, import_part_stored, import_part_matrices,
    import_part_thumbnails, import_part_video_files, import_part_encoder;

/* At the start of every IMPORT_STEP rows; fails when the job is cancelled. */
int import_step(struct job *job, size_t row, struct error *error);
size_t import_steps(size_t rows);

/* Opens a matrix as the user named it. */
int import_open_matrix(struct import_matrix *matrix, struct error *error);

/* Writes all matrices, normalised unless they are of unit rows, and closes each, so that one copy
 * is held at a time; then enters the banks. */
int import_write_matrices(struct making *making, struct error *error);

/* Adds a fault unless a matrix that opened has that many rows, of texts or videos in `table`. */
void import_check_rows(struct making *making, const struct import_matrix *matrix, size_t wanted,
                       const char *of, const char *table);

/* Of the banks, which follow what leads: their rows against the tables, and into the report. */
void import_check_bank_rows(struct making *making);
void import_count_banks(struct making *making);

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
struct key_files;
void import_remark_missing(struct making *making, const struct key_files *files, const char *dir,
                           const char *what);

/* Catalog id of the first text of bank `bank`; 0 if it has none. */
int64_t import_first_text(const struct import_tables *tables, size_t bank);

#endif
