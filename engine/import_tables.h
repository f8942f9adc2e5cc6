/* The two CSV files of an import, cross-checked, and how they become catalog rows. */
#ifndef HUBSCOPE_ENGINE_IMPORT_TABLES_H
#define HUBSCOPE_ENGINE_IMPORT_TABLES_H

#include "engine/catalog_write.h"
#include "engine/formats/csv.h"
#include "engine/import.h"

struct import_tables {
    const struct import *import;
    struct csv *videos, *texts;
    size_t key, title, tags, duration_ms, frames, strip, poster; /* columns; SIZE_MAX: absent */
    size_t split, video, caption;
    uint32_t *by_key;   /* rows of videos, sorted by key */
    uint32_t *split_of; /* of each text: 0 query, 1 + i bank i */
    uint32_t *video_of; /* of each text: row, or UINT32_MAX */
    size_t *count;      /* (1 + banks) texts of each split */
};

/* Reads both files and checks columns, keys, splits and references.  On failure nothing is kept. */
int import_tables_open(struct import_tables *tables, const struct import *import,
                       struct error *error);
void import_tables_close(struct import_tables *tables);

/* Catalog id of the first text of bank `bank`; 0 if it has none. */
int64_t import_tables_first_text(const struct import_tables *tables, size_t bank);

size_t import_tables_steps(const struct import_tables *tables);

/* Writes videos, thumbnails and texts, stepping the job and counting into the report. */
int import_tables_write(const struct import_tables *tables, struct catalog_writer *writer,
                        struct import_report *report, struct job *job, struct error *error);

/* Writes the thumbnail of one video, if the CSV names one. */
int import_thumbnail(const struct import_tables *tables, size_t row, struct catalog_writer *writer,
                     struct import_report *report, struct error *error);

#endif
