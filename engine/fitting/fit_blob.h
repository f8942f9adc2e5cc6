/* What a fit has found, as bytes: for the cache in the catalog and for files.  Rules that keep data of their own
 * (with a close function) have no such form. */
#ifndef HUBSCOPE_ENGINE_FITTING_FIT_BLOB_H
#define HUBSCOPE_ENGINE_FITTING_FIT_BLOB_H

#include "engine/fitting/rule.h"

char *fit_blob_make(const struct fit *fit, size_t *size); /* the caller frees it; null when out of memory */

/* Fills a fit whose spec, n and m are set.  False, leaving it unchanged, if the bytes are not of such a fit, or, with
 * the error filled, when out of memory. */
bool fit_blob_read(const char *blob, size_t size, struct fit *fit, struct error *error);

#endif
