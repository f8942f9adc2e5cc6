/* Making a collection from CSV, .npy and thumbnails; all or nothing, also under kill -9: the
 * collection is written to a sibling directory, synced, and renamed into place. */
#ifndef HUBSCOPE_ENGINE_IMPORT_H
#define HUBSCOPE_ENGINE_IMPORT_H

#include "engine/error.h"
#include "engine/job.h"

struct import_bank {
    const char *name, *path;
};

struct import {
    const char *
        destination; /* directory to make; an existing collection is replaced only when `replace` */
    bool replace;
    const char *videos_csv; /* key and optionally title, tags, duration_ms, frames, strip or poster
                               (file under `thumbnails`); further columns are kept as details */
    const char *texts_csv;  /* split, video (key; may be empty in banks), caption */
    const char *videos, *queries; /* .npy, rows in the order of the CSV rows */
    const struct import_bank *banks, *video_banks;
    size_t bank_count, video_bank_count;
    const char *thumbnails, *encoder; /* directories, or null */
    const char *name, *model, *licence,
        *provenance;    /* null: name is the destination's last part, others empty */
    double logit_scale; /* 0: not known, 100 is used */
    int strip_frames;   /* frames side by side in each strip; 0: width / height */
};

struct import_report {
    size_t videos, queries, banks, video_banks, bank_rows, thumbnails;
    size_t
        queries_without_video; /* evaluation queries whose video is empty: kept, without target */
};

/* Checks everything (row counts, keys, splits, dimensions, finite non-zero rows) before the
 * destination is touched. */
int collection_import(const struct import *import, struct import_report *report, struct job *job,
                      struct error *error);

#endif
