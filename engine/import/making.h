/* A collection being made: the request, and what the import's parts have found and share. */
#ifndef HUBSCOPE_ENGINE_IMPORT_MAKING_H
#define HUBSCOPE_ENGINE_IMPORT_MAKING_H

#include "engine/base/findings.h"
#include "engine/base/item.h"
#include "engine/base/job.h"
#include "engine/catalog/write.h"
#include "engine/collection/collection_model.h"
#include "engine/collection/staging.h"
#include "engine/formats/matrix_request.h"
#include "engine/formats/table.h"
#include "engine/import/options.h"
#include "engine/layouts/layout.h"
#include "engine/matrices/matrix.h"

#include <sys/types.h>

enum { IMPORT_STEP = 64 }; /* rows or files a job_step */

struct import_texts {             /* a table of texts; the first covers all splits, the others one bank each */
    struct table *table;          /* null where it could not be read */
    const char *path;             /* as the user names it */
    size_t bank;                  /* SIZE_MAX: all splits */
    size_t split, video, caption; /* columns; SIZE_MAX: absent */
    uint32_t *split_of; /* of each row: 0 query, 1 + i bank i, UINT32_MAX left out; null if splits are faulty */
    uint32_t *video_of; /* of each row: its video, or UINT32_MAX */
};

struct import_tables {
    const struct dataset_layout *layout;
    struct table *videos;    /* null if not given, or if it could not be read */
    const char *videos_from; /* the file that lists the videos, for errors */
    size_t key, title, tags, duration_ms, frames, strip, poster, file; /* columns; SIZE_MAX: absent */
    size_t video_count;                                                /* 0: unknown */
    const char **key_of; /* of each video, borrowed from the tables; null if keys are faulty */
    uint32_t *by_key;    /* videos sorted by key; null if keys are faulty */
    struct import_texts *texts;
    size_t text_tables;
    size_t *count;      /* (1 + banks) texts of each split; null if splits are faulty */
    int64_t first_text; /* catalog id of the first text written */
};

struct import_model { /* a model of the collection: one that it has, or the one that is made */
    char name[COLLECTION_MODEL_NAME], folder[96];
    bool stored, encoder;
    size_t dimension;           /* columns of its matrices; 0: unknown so far */
    const char *dimension_from; /* the file or collection that sets it, for errors */
    bool changed;               /* its matrices, and so its digest */
};

struct import_existing_bank { /* a bank of the collection */
    char name[64];
    size_t rows; /* 0: unknown */
    bool texts;
};

struct import_existing { /* a collection that is changed: see existing.h */
    struct catalog *catalog;
    struct import_existing_bank *bank[2]; /* query banks, video banks */
    size_t banks[2];
    char **key; /* (keys) of its videos */
    size_t keys;
    dev_t device; /* of the catalog's file */
    ino_t file;
};

struct import_matrix { /* a matrix to be stored in the collection */
    const char *path;
    char file[96];                                           /* its name in the model's folder */
    size_t model;                                            /* in making->model */
    enum { BY_ROW, BY_VIDEO, BY_QUERY, IN_ANY_ORDER } order; /* of vectors that the file has by key */
    struct matrix matrix;                                    /* rows 0: it could not be opened */
    struct matrix_pieces pieces;                             /* of a matrix in several files */
    bool unit;                                               /* all rows are of length 1 */
    bool scaled;                                             /* some are off by more than rounding: worth a remark */
};

struct import_thumbnail { /* result of the check */
    int frames;           /* side by side; 0: the video has no picture */
};

struct making { /* a collection being made */
    const struct import *import;
    struct import_report *report; /* filled by checks */
    struct findings *findings;
    struct job *job;

    struct import_existing existing;
    struct import_model *model; /* the collection's, then the one that is added; else the new collection's only one */
    size_t models;
    size_t own;             /* the model that options without a model's name are about */
    struct item_words item; /* what the gallery holds; empty: the catalog does not say, or stays as it is */
    struct import_tables tables;
    struct import_matrix *matrix;        /* leading ones, then banks, video banks */
    size_t matrices, leading;            /* leading: videos and queries, or similarities, of a new model */
    uint32_t *target;                    /* of each row of similarities: its video, UINT32_MAX for none */
    struct import_thumbnail *thumbnail;  /* of each video; null without pictures */
    struct key_files *pictures, *videos; /* null if the table names the files */
    bool has_video_files;                /* given, and readable here */

    struct staging staging; /* only while parts write */
    struct catalog_writer *writer;
    uint64_t digest; /* of the matrices of a new collection */
};

/* The directory that is written, and whether a collection there may be replaced. */
const char *import_written(const struct making *making);
bool import_replaces(const struct making *making);

/* Where a model's files are, in the staging. */
int import_model_folder(const struct making *making, const struct import_model *model, char *buffer, size_t size,
                        struct error *error);

/* The model of that name (null: the own one); null if there is none. */
struct import_model *import_find_model(const struct making *making, const char *name);

/* Adds a model to making->model; null when out of memory. */
struct import_model *import_add_model(struct making *making, const char *name, const char *folder);

/* Stores what the gallery holds. */
int import_write_item(struct making *making, struct error *error);

/* Call at the start of each row; every IMPORT_STEP rows it steps the job and fails if that is cancelled. */
int import_step(struct job *job, size_t row, struct error *error);
size_t import_steps(size_t rows);

#endif
