/* Everything that can be wrong inside a catalog.  It may be damaged: it is opened as far as SQLite can open it, and
 * never written.  Faults go to a struct findings under the catalog's path; -1 is only for what is not a fault of the
 * file (memory, cancelled). */
#ifndef HUBSCOPE_ENGINE_CATALOG_CHECK_H
#define HUBSCOPE_ENGINE_CATALOG_CHECK_H

#include "engine/base/findings.h"
#include "engine/base/job.h"
#include <stdint.h>

struct catalog_check;

/* Refuses a file that is not a catalog of this version. */
struct catalog_check *catalog_check_open(const char *path, struct job *job, struct error *error);
void catalog_check_close(struct catalog_check *check);

int catalog_check_version(const struct catalog_check *check); /* of the schema */

/* SQLite's own integrity check of every page and index. */
int catalog_check_pages(struct catalog_check *check, struct findings *findings, struct error *error);

enum catalog_part {
    CATALOG_VIDEOS,     /* rows without gaps, unique keys */
    CATALOG_TEXTS,      /* rows and numbers without gaps, videos and splits that exist */
    CATALOG_MODELS,     /* positions, names, folders and banks */
    CATALOG_BANKS,      /* positions, names, files and first texts */
    CATALOG_THUMBNAILS, /* of videos that exist, not empty */
    CATALOG_WORDS,      /* the full-text indexes hold every caption and video */
    CATALOG_PARTS
};
int catalog_check_part(struct catalog_check *check, enum catalog_part part, struct findings *findings,
                       struct error *error);

/* Checks that every thumbnail decodes.  *pictures is their number. */
int catalog_check_pictures(struct catalog_check *check, size_t *pictures, struct findings *findings,
                           struct error *error);

/* Values, if they can be read; false otherwise. */
bool catalog_check_meta(struct catalog_check *check, const char *key, char *buffer, size_t size);
bool catalog_check_number(struct catalog_check *check, const char *key, double *value);         /* stored as a number */
bool catalog_check_caption(struct catalog_check *check, size_t row, char *buffer, size_t size); /* of a query */

enum catalog_amount {
    CATALOG_AMOUNT_VIDEOS,
    CATALOG_AMOUNT_QUERIES,
    CATALOG_AMOUNT_TEXTS,
    CATALOG_AMOUNT_BANKS,
    CATALOG_AMOUNT_VIDEO_BANKS,
    CATALOG_AMOUNT_FITS,
    CATALOG_AMOUNTS
};
size_t catalog_check_amount(struct catalog_check *check, enum catalog_amount amount); /* 0 if unreadable */
size_t catalog_check_texts_of(struct catalog_check *check, const char *split);
size_t catalog_check_fits_of(struct catalog_check *check, const char *digest); /* cached fits of these matrices */

/* Model `index`, by position; false past the end. */
bool catalog_check_model(struct catalog_check *check, size_t index, char *name, size_t size, char *folder,
                         size_t folder_size);
bool catalog_check_model_bank(struct catalog_check *check, const char *folder, int kind, size_t index); /* has it */

/* Bank `index` of a kind (0 query banks, 1 video banks), by position, as stored; false past the
 * end. */
bool catalog_check_bank(struct catalog_check *check, int kind, size_t index, char *name, size_t size, char *file,
                        size_t file_size, int64_t *first_text);

/* Fails if any of these returned nothing for a reason that is no fault of the file; null is fine. */
int catalog_check_failed(const struct catalog_check *check, struct error *error);

#endif
