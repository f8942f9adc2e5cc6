/* Matrix files that the command line names: opened, and refused where they do not fit. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_BARE_FILES_H
#define HUBSCOPE_ENGINE_COLLECTION_BARE_FILES_H

#include "engine/base/error.h"
#include "engine/matrices/matrix.h"

/* Embeddings of `dimension` (0: any) columns, their rows made unit length. */
int bare_embeddings(const char *path, size_t dimension, struct matrix *matrix, struct error *error);

/* Finite similarities with `columns` (0: any) columns, of which the error says what they are. */
int bare_similarities(const char *path, size_t columns, const char *what, struct matrix *matrix, struct error *error);

/* The last component of a path, cut to `size`: how a bank from a file is called. */
void bare_name(const char *path, char *name, size_t size);

#endif
