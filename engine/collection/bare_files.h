/* Opening matrix files named on the command line, and refusing those that do not fit. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_BARE_FILES_H
#define HUBSCOPE_ENGINE_COLLECTION_BARE_FILES_H

#include "engine/base/error.h"
#include "engine/formats/array.h"
#include "engine/matrices/matrix.h"

/* Opens embeddings of `dimension` (0: any) columns and normalises their rows to unit length.  Several vectors a row are
 * pooled; vectors by key are refused unless their order does not matter, as in a bank. */
int bare_embeddings(const char *path, enum array_pool pool, bool any_order, size_t dimension, struct matrix *matrix,
                    struct error *error);

/* Opens similarities, all finite, with `columns` (0: any) columns; `what` says in errors what the columns are. */
int bare_similarities(const char *path, size_t columns, const char *what, struct matrix *matrix, struct error *error);

/* The name of a bank from a file: the last component of its path, cut to `size`. */
void bare_name(const char *path, char *name, size_t size);

#endif
