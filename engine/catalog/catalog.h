/* catalog.db: everything of a collection that is not a matrix.  The only module that speaks SQL.  Texts returned in
 * structs are copies that the caller releases with the function named beside the struct; they are as stored: clean them
 * (text_clean) before displaying them. */
#ifndef HUBSCOPE_ENGINE_CATALOG_CATALOG_H
#define HUBSCOPE_ENGINE_CATALOG_CATALOG_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CATALOG_TITLE = 160 }; /* room for a title in a list */

struct catalog;

struct catalog_video {
    char *key, *title, *tags; /* never null */
    char *details;            /* further columns of the CSV as "name: value" lines; "" if none */
    int duration_ms, frames;  /* 0 if unknown */
    int strip_frames;         /* frames side by side in its thumbnail; 0: no thumbnail */
};

struct catalog_text {
    int64_t id;
    char *caption;
    int64_t video; /* row, or -1 */
    int64_t row;   /* matrix row within its split */
};

/* Opens for reading, and for writing fits if the file permits it.  Refuses, by name, other files, other schema versions
 * and databases that fail SQLite's quick check (run up to 16 MiB; in larger ones a damaged page is an error when it is
 * read). */
struct catalog *catalog_open(const char *path, struct error *error);
void catalog_close(struct catalog *catalog);

/* Whether its path still leads to the file that is open: an import may have put another collection there. */
bool catalog_in_place(const struct catalog *catalog);

/* A second connection to an open catalog, for reading by one thread that must wait neither for the other threads nor,
 * with little patience, for other processes. */
struct catalog *catalog_open_again(const struct catalog *catalog, struct error *error);

/* Connects to the file that has replaced the open one at its path, with the same videos and captions, also while other
 * threads read.  On failure the old connection stays. */
int catalog_reopen(struct catalog *catalog, struct error *error);

/* How long a query waits while another process has the file locked, 2000 ms at first, before it fails; any thread may
 * change it, also while another waits. */
void catalog_set_patience(struct catalog *catalog, int milliseconds);
/* Whether the last query failed for that reason; for a catalog that one thread uses. */
bool catalog_locked(const struct catalog *catalog);

/* Some readers below return nothing both when there is nothing and when it could not be read, and callers may drop the
 * error of others: what was read is complete only if this succeeds.  Fails if any query has failed since the last call,
 * or since the catalog was opened. */
int catalog_check_read(struct catalog *catalog, struct error *error);

/* A meta value as text; the caller frees it; null if it does not exist. */
char *catalog_meta(struct catalog *catalog, const char *key);

/* The same if it was stored as a number; NAN if it does not exist. */
double catalog_meta_number(struct catalog *catalog, const char *key);

/* Chooses the item of what item_text returns (engine/base/item.h): meta "item", videos without it. */
int catalog_choose_item(struct catalog *catalog, struct error *error);

size_t catalog_count_videos(struct catalog *catalog);
size_t catalog_count_texts(struct catalog *catalog, const char *split);

int catalog_video(struct catalog *catalog, size_t row, struct catalog_video *video, struct error *error);
void catalog_video_close(struct catalog_video *video);

/* The title of a video, truncated to fit; falls back to its first caption, shortened, then to its key, then to "video
 * ROW".  On failure returns -1, with "video ROW". */
int catalog_title(struct catalog *catalog, size_t row, char *buffer, size_t size);

/* Text `row` of a split ("query" or a bank's name). */
int catalog_text(struct catalog *catalog, const char *split, size_t row, struct catalog_text *text,
                 struct error *error);
void catalog_text_close(struct catalog_text *text);

/* Writes the rows of a video's `query` captions, ascending, at most `most`; returns how many exist, SIZE_MAX on
 * failure. */
size_t catalog_captions_of(struct catalog *catalog, size_t video, uint32_t *rows, size_t most);

/* Full-text search in the query captions: writes at most `most` rows, best match first.  Every word must match; the
 * last one as a prefix.  Any text is a valid query.  Returns SIZE_MAX on failure. */
size_t catalog_find_captions(struct catalog *catalog, const char *words, uint32_t *rows, size_t most,
                             struct error *error);
/* The same over titles, tags and captions of videos: video rows. */
size_t catalog_find_videos(struct catalog *catalog, const char *words, uint32_t *rows, size_t most,
                           struct error *error);

/* The row of the video with that key; -1 with the error filled if there is none. */
int catalog_find_key(struct catalog *catalog, const char *key, uint32_t *row, struct error *error);

/* The thumbnail's encoded bytes; the caller frees them.  Null with error NONE if the video has
 * none. */
void *catalog_thumbnail(struct catalog *catalog, size_t row, size_t *size, int *strip_frames, struct error *error);

/* Fills targets (count) with the video row of each query, UINT32_MAX for none. */
int catalog_targets(struct catalog *catalog, uint32_t *targets, size_t count, struct error *error);

/* Banks in the order of import: kind 0 query banks, 1 video banks.  `index` from 0; returns false past the end. */
bool catalog_bank(struct catalog *catalog, int kind, size_t index, char *name, size_t size, char *file,
                  size_t file_size, int64_t *first_text);

/* Models in their order.  `index` from 0; returns false past the end.  A model's values in meta are under its folder:
 * catalog_model_key. */
bool catalog_model(struct catalog *catalog, size_t index, char *name, size_t size, char *folder, size_t folder_size);

enum { CATALOG_KEY = 256 };
/* "dimension" of the model in "models/clip" is "models/clip/dimension"; of the one without a folder, the key itself. */
void catalog_model_key(const char *folder, const char *key, char buffer[CATALOG_KEY]);

/* Whether the model in that folder has bank `index` of a kind. */
bool catalog_model_has_bank(struct catalog *catalog, const char *folder, int kind, size_t index);

/* Cached fits: an opaque blob under (rule text, direction, bank, digest of the matrices).  Loading returns null on a
 * miss; storing in a read-only catalog does nothing.  Neither ever reports an error. */
void *catalog_fit_load(struct catalog *catalog, const char *key, size_t *size);
void catalog_fit_store(struct catalog *catalog, const char *key, const void *blob, size_t size);

const char *catalog_library(void); /* the version of SQLite in use */

#endif
