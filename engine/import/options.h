/* What an import is given, and what it reports. */
#ifndef HUBSCOPE_ENGINE_IMPORT_OPTIONS_H
#define HUBSCOPE_ENGINE_IMPORT_OPTIONS_H

#include "engine/base/error.h"
#include "engine/formats/array.h"

#include <stdbool.h>
#include <stddef.h>

enum { IMPORT_BANKS_MAX = 64 }; /* of one kind */

struct import_bank {
    const char *model; /* of a change: whose bank it becomes; null: the added model's, or else the first's */
    const char *name, *path;
    const char *texts; /* of a query bank: a table of its captions in order, or null */
};

struct import_column {         /* a column that has another name in the files */
    const char *ours, *theirs; /* ours: "caption", or "texts.caption"; theirs may be a number, from 1 */
};

struct import {
    const char *destination; /* directory to make; an existing collection is replaced only when `replace` */
    bool replace;
    bool dry_run; /* check everything and write nothing */
    bool change; /* the destination is a collection, and what is named here is added to it or replaces its own: a model,
                    banks and video banks, an encoder, the thumbnails or the strips of video files.  Its texts, videos
                    and queries stay: texts_table is null, and videos_table only names the files of thumbnails */
    bool add_model;           /* of a change: adds the model `model_name`, with videos and queries, or sims */
    const char *remove_model; /* of a change, by itself: removes this model; or null */
    const char *output;       /* of a change: null, or a directory to make, which becomes a changed copy of the
                                 destination; that stays, and `replace` is about the output */
    const char *layout; /* of the tables, a name in engine/layouts; null: the one that the file of texts has beyond
                                 doubt, else "hubscope" */
    bool paragraphs;    /* the texts of a video are one query, joined in their order */
    const char *videos_table; /* key and optionally title, tags, duration_ms, frames, strip or poster (file under
                                 `thumbnails`); other columns are kept as details.  Null: the videos are the texts' keys
                                 in order of first appearance */
    const char *texts_table;  /* video (key; may be empty in banks), caption, and split ("query" or
                                 a bank's name); without split all are queries */
    const char *query_split;  /* the split whose texts are queries; splits that are not banks are then left out.  Null:
                                 the layout's, else "query", and all others must be banks */
    const char *item;         /* what the gallery holds, as item_read takes it; null: what the layout says, else videos.
                                 Of a change: what it holds from now on */
    bool no_header;           /* CSV and TSV tables have no header; `columns` name theirs by number */
    const struct import_column *columns;
    size_t column_count;
    const char *videos, *queries; /* matrices, rows in the order of the tables' rows */
    enum array_pool pool;         /* how (N, T, D) embeddings become matrices */
    const char *sims;    /* or stored similarities (Q, M) instead of both: then banks are (N, M), video banks are not
                         allowed, and tables are optional */
    const char *targets; /* of stored similarities without a table of texts: (Q) rows of videos;
                            null: query i belongs to item i / (Q/M) */
    const char *mask;    /* of stored similarities: (Q) 0 or 1, queries of 0 are dropped; or null */
    const struct import_bank *banks, *video_banks;
    size_t bank_count, video_bank_count;
    const char *thumbnails, *encoder; /* directories, or null; the encoder's may hold a head alone, to be applied to an
                                         encoder command (engine/encoders/encoder.h) */
    const char *video_files;          /* directory of videos by key, or as the videos table's column "file"
                                names them; or null */
    const char *model_name;           /* what the model is called; null: "base" */
    const char *name, *model, *licence, *provenance; /* null: name is the destination's last part, others empty */
    double logit_scale;                              /* 0: unknown, 100 is used */
    bool index;                                      /* makes an index of the own model's videos */
    int strip_frames;                                /* frames side by side in each strip; 0: width / height */

    /* Null, or called with the whole collection before it is put in place: it may put an encoder into the folder of the
     * model that was made or added, and then writes its type to `encoder`.  With -1 nothing is imported. */
    int (*complete)(const char *staged, char encoder[64], void *context, struct error *error);
    void *context;
};

struct import_report { /* what is or would be imported; 0 and "" if unknown */
    bool replaces;     /* the destination is an existing collection */
    bool stored;       /* it holds similarities instead of embeddings */
    size_t videos, queries, banks, video_banks, bank_rows, thumbnails, dimension;
    size_t bank_row[IMPORT_BANKS_MAX], video_bank_row[IMPORT_BANKS_MAX]; /* rows of each */
    size_t queries_without_video;        /* evaluation queries whose video is empty: kept, without target */
    size_t pictures_left_out;            /* those that cannot be read, each with a remark */
    size_t video_files, videos_left_out; /* files read, and those that cannot be, each with a remark */
    char encoder[64];                    /* its type */
};

#endif
