/* What comes with a matrix of queries: the target video of each, and a mask of which to use. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_TARGETS_H
#define HUBSCOPE_ENGINE_COLLECTION_TARGETS_H

#include "engine/base/error.h"
#include "engine/collection/relevance.h"
#include "engine/matrices/matrix.h"
#include <stdint.h>

/* Fills target (queries) so that every video, in order, gets equally many queries; refuses a number of queries that is
 * not a multiple of the number of videos.  `path` names the queries in errors. */
int targets_default(uint32_t *target, size_t queries, size_t videos, const char *path, struct error *error);

/* Fills target (queries) from a matrix file of video rows; -1 in the file, UINT32_MAX in target: none. */
int targets_read(uint32_t *target, size_t queries, size_t videos, const char *spec, struct error *error);

/* Drops the rows whose mask is 0, as the published evaluation drops missing captions, from `query`, target
 * (query->rows) and `relevance` (may be null or zeroed).  If it drops any, `query` becomes a copy.  Fails if no row
 * would be left. */
int targets_mask(struct matrix *query, uint32_t *target, struct relevance *relevance, const char *spec,
                 struct error *error);

#endif
