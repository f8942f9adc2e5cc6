/* The beginning of a catalog's file: what identifies it as ours and its version, read before SQLite sees it. */
#ifndef HUBSCOPE_ENGINE_CATALOG_HEADER_H
#define HUBSCOPE_ENGINE_CATALOG_HEADER_H

#include "engine/base/error.h"
#include <stdbool.h>

enum {
    CATALOG_VERSION = 2,             /* 1: of a single model, without the tables `models` and `model_banks` */
    CATALOG_APPLICATION = 0x48756253 /* "HubS", SQLite's application_id: marks our databases */
};

/* Names of the catalog and of what SQLite has beside it while it is written or after a writer was killed; null after
 * the last. */
extern const char *const catalog_files[];
bool catalog_is_journal(const char *name); /* one of those beside it */

/* *known says whether the file begins like a catalog of any version: one that may be replaced.  -1 if descriptors or
 * memory are lacking to find out. */
int catalog_recognise(const char *path, bool *known, struct error *error);

/* Refuses a file that is not a catalog of this version or of an earlier one; *version (null: not wanted) is its own. */
int catalog_verify_header(const char *path, int *version, struct error *error);

#endif
