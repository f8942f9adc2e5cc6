/* How the file of a catalog begins: what marks it as ours and of which version, read before SQLite sees it. */
#ifndef HUBSCOPE_ENGINE_CATALOG_HEADER_H
#define HUBSCOPE_ENGINE_CATALOG_HEADER_H

#include "engine/base/error.h"
#include <stdbool.h>

enum {
    CATALOG_VERSION = 1,
    CATALOG_APPLICATION = 0x48756253 /* "HubS", SQLite's application_id: marks our databases */
};

/* Whether the file begins like a catalog of any version: what may be replaced by another. */
bool catalog_recognise(const char *path);

/* Refuses a file that is not a catalog of this version. */
int catalog_verify_header(const char *path, struct error *error);

#endif
