/* Reading what the catalog says about all videos, or all evaluation queries, in one go. */
#ifndef HUBSCOPE_ENGINE_CATALOG_SCAN_H
#define HUBSCOPE_ENGINE_CATALOG_SCAN_H

#include "engine/catalog/catalog.h"

/* A video as stored, never null: valid until the taker returns. */
struct catalog_row {
    const char *key, *title, *tags;
    const char *details; /* further columns of the table as "name: value" lines */
};

/* Each passes the rows, ascending, to a function that returns false to stop.  -1, with the error, if they cannot be
 * read.  The catalog is locked for other threads meanwhile: the taker must not use it. */
typedef bool catalog_video_taker(void *context, size_t row, const struct catalog_row *video);
int catalog_scan_videos(struct catalog *catalog, catalog_video_taker *take, void *context, struct error *error);
typedef bool catalog_caption_taker(void *context, size_t row, const char *caption);
int catalog_scan_captions(struct catalog *catalog, catalog_caption_taker *take, void *context, struct error *error);

#endif
