/* What belongs to rows of queries beside their matrix: the video that each asks for, and which of them are there. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_TARGETS_H
#define HUBSCOPE_ENGINE_COLLECTION_TARGETS_H

#include "engine/base/error.h"
#include "engine/collection/relevance.h"
#include "engine/matrices/matrix.h"
#include <stdint.h>

/* Fills target (queries) so that equally many queries belong to every video, in its order; refuses numbers that do not
 * divide.  `path` names the queries in errors. */
int targets_default(uint32_t *target, size_t queries, size_t videos, const char *path, struct error *error);

/* Fills target (queries) from a matrix file of rows of videos; -1 there, UINT32_MAX here: none. */
int targets_read(uint32_t *target, size_t queries, size_t videos, const char *spec, struct error *error);

/* Drops the rows that a mask has 0 for, as the published evaluation drops missing captions, from `query`, from target
 * (query->rows) and from `relevance`, unless it is null or zeroed; at least one row stays.  `query` becomes a copy
 * where rows are dropped. */
int targets_mask(struct matrix *query, uint32_t *target, struct relevance *relevance, const char *spec,
                 struct error *error);

#endif
