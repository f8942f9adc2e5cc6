/* A collection in the making: what an import was asked for, and what its parts have found and share. */
#ifndef HUBSCOPE_ENGINE_IMPORT_MAKING_H
#define HUBSCOPE_ENGINE_IMPORT_MAKING_H

#include "engine/base/findings.h"
#include "engine/base/job.h"
#include "engine/catalog/write.h"
#include "engine/collection/staging.h"
#include "engine/formats/table.h"
#include "engine/import/options.h"
#include "engine/layouts/layout.h"
#include "engine/matrices/matrix.h"

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
    const char *videos_from;  /* the file that lists the videos, for errors */
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
    bool scaled;          /* some are off by more than rounding: worth a remark */
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

/* At the start of every IMPORT_STEP rows; fails when the job is cancelled. */
int import_step(struct job *job, size_t row, struct error *error);
size_t import_steps(size_t rows);

#endif
