/* Writing a new catalog.db, as import does, or a changed copy of one; never one that is in use.  The writer copies
 * everything it is given.  Durability is up to the caller, who syncs the finished file. */
#ifndef HUBSCOPE_ENGINE_CATALOG_WRITE_H
#define HUBSCOPE_ENGINE_CATALOG_WRITE_H

#include "engine/base/job.h"
#include "engine/catalog/catalog.h"

struct catalog_writer;

/* Creates the file, which must not exist. */
struct catalog_writer *catalog_create(const char *path, struct error *error);

/* Creates the file as a copy of the catalog at `from`, which may be in use, of the current version even if that is of
 * an earlier one; later puts add to it. */
struct catalog_writer *catalog_copy(const char *from, const char *path, struct error *error);

/* Of a copy: the largest id of a text, 0 if there are no texts; -1 on failure. */
int64_t catalog_last_text(struct catalog_writer *writer, struct error *error);
int catalog_drop_thumbnails(struct catalog_writer *writer, struct error *error);

/* Of a copy: rekeys fits whose key has the digest `from` to `to`. */
int catalog_renew_fits(struct catalog_writer *writer, const char *from, const char *to, struct error *error);
/* Of a copy: drops the fits that belong to no model's digest. */
int catalog_drop_stray_fits(struct catalog_writer *writer, struct error *error);
/* Of a copy: forgets a model and its values in meta. */
int catalog_remove_model(struct catalog_writer *writer, const char *folder, struct error *error);

int catalog_put_meta(struct catalog_writer *writer, const char *key, const char *value, struct error *error);
int catalog_put_number(struct catalog_writer *writer, const char *key, double value,
                       struct error *error); /* both replace an existing value of the key */
int catalog_put_video(struct catalog_writer *writer, size_t row, const struct catalog_video *video,
                      struct error *error); /* its texts are only read; strip_frames is ignored */
int catalog_put_text(struct catalog_writer *writer, const char *split, const struct catalog_text *text,
                     struct error *error);
int catalog_put_thumbnail(struct catalog_writer *writer, size_t video, const void *image, size_t size, int strip_frames,
                          struct error *error);
/* Adds the facts from a video's file: duration and frames if they are 0, and `details`, a line "name: value\n", unless
 * one of that name exists. */
int catalog_put_facts(struct catalog_writer *writer, size_t row, int duration_ms, int frames, const char *details,
                      struct error *error);
int catalog_put_bank(struct catalog_writer *writer, int kind, size_t position, const char *name, const char *file,
                     int64_t first_text, struct error *error);

/* Sets a value in a finished catalog that is not in use yet. */
int catalog_amend(const char *path, const char *key, const char *value, struct error *error);

/* Adds a model after the existing ones. */
int catalog_put_model(struct catalog_writer *writer, const char *name, const char *folder, struct error *error);
int catalog_put_model_bank(struct catalog_writer *writer, const char *folder, int kind, size_t position,
                           struct error *error); /* says that the model has the bank */

/* Builds the indexes, which takes a while for millions of rows and can be cancelled through `job`, and closes the file.
 * Releases the writer in either case. */
int catalog_finish(struct catalog_writer *writer, struct job *job, struct error *error);

void catalog_abandon(struct catalog_writer *writer); /* closes without finishing; null is fine */

#endif
