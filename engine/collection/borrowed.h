/* A collection of matrices in memory that belongs to someone else. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_BORROWED_H
#define HUBSCOPE_ENGINE_COLLECTION_BORROWED_H

#include "engine/collection/collection.h"

/* Views, empty where there is no such matrix. */
struct borrowed {
    struct matrix queries, videos, bank, video_bank; /* embeddings */
    struct matrix sims, bank_sims;                   /* or similarities (Q, M) and (N, M) */
    const int64_t *targets;                          /* (Q) video rows, -1: none; null: query i belongs to i / (Q/M) */
    double logit_scale;                              /* 0: 100 */
};

/* The memory outlives the collection.  Only matrices whose rows are not of length 1 are copied, to scale them.  Null
 * with the error for shapes that do not agree, and for rows that cannot be searched. */
struct collection *collection_borrow(const struct borrowed *borrowed, struct error *error);

#endif
