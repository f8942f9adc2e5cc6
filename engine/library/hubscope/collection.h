/** @file
 * Collections: videos and captions with one or more models' embeddings of them, from a directory that `hubscope
 * import` made or from matrices in the caller's memory.
 *
 * Shapes: M videos, Q queries (captions that know their own video), N queries of a bank, embeddings of d dimensions.
 * Rows count from 0.  Embeddings are compared by cosine.
 *
 * Ownership: the caller closes a collection after every study of it.  Texts that functions return belong to the
 * collection.
 *
 * Threads: a collection does not change once it is open, so any number of threads may use it at the same time.
 */
#ifndef HUBSCOPE_COLLECTION_H
#define HUBSCOPE_COLLECTION_H

#include <hubscope/error.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An open collection. */
struct hubscope_collection;

/** What searches for what. */
enum hubscope_direction {
    HUBSCOPE_T2V = 0, /**< text to video: Q captions search M videos */
    HUBSCOPE_V2T = 1  /**< video to text: the videos that have captions search the Q captions */
};

/** A matrix of float32 in the caller's memory: element (i, j) is data[i * row_stride + j * column_stride].
 *
 * Both strides may be negative.  The library reads it in place. */
struct hubscope_matrix {
    const float *data;       /**< element (0, 0); null: no matrix */
    size_t rows;             /**< number of rows */
    size_t columns;          /**< number of columns */
    ptrdiff_t row_stride;    /**< floats from a row to the next */
    ptrdiff_t column_stride; /**< floats from a column to the next: 1 where rows are contiguous */
};

/** Matrices that make a collection: embeddings, or else similarities.  Zero it, set `size` and what exists. */
struct hubscope_matrices {
    size_t size; /**< sizeof(struct hubscope_matrices), so that later versions can add members */

    struct hubscope_matrix queries; /**< (Q, d) embeddings of the captions */
    struct hubscope_matrix videos;  /**< (M, d) embeddings of the videos */
    struct hubscope_matrix bank;    /**< (N, d) embeddings of captions that are not evaluated, for t2v; may be null */
    struct hubscope_matrix video_bank; /**< (K, d) embeddings of other videos, for v2t; may be null */

    struct hubscope_matrix similarities;      /**< (Q, M) instead of embeddings */
    struct hubscope_matrix bank_similarities; /**< (N, M) with similarities; may be null */

    const int64_t *targets; /**< (Q) the video row of each query, -1: none; null: query i belongs to i / (Q / M) */
    double logit_scale;     /**< the model's factor from cosine to logit; 0: 100 */
};

/** Opens a directory that `hubscope import` made.
 *
 * @param path the directory
 * @param[out] collection the open collection, or null after a failure
 * @return HUBSCOPE_INPUT for what is not a collection or is damaged */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_collection_open(const char *path,
                                                                             struct hubscope_collection **collection);

/** Makes a collection of matrices in memory.
 *
 * The memory stays the caller's and must neither change nor go before the collection is closed.  Nothing is copied but
 * `targets` and, if a row's length differs from 1 by more than 0.001, that matrix with its rows scaled to 1.
 *
 * @param matrices what the collection holds; the struct itself is read at once
 * @param[out] collection the open collection, or null after a failure
 * @return HUBSCOPE_INPUT for shapes that do not agree, rows of zeros, NaN, infinities and targets out of range */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_collection_borrow(const struct hubscope_matrices *matrices,
                                                                               struct hubscope_collection **collection);

/** Closes a collection; null is fine.  No study of it may be open. */
HUBSCOPE_API void hubscope_collection_close(struct hubscope_collection *collection);

/** The number of videos, M. */
HUBSCOPE_API size_t hubscope_collection_videos(const struct hubscope_collection *collection);

/** The number of queries, Q. */
HUBSCOPE_API size_t hubscope_collection_queries(const struct hubscope_collection *collection);

/** The video row that query `query` belongs to; -1 if it has none, or if there is no such query. */
HUBSCOPE_API int64_t hubscope_collection_target(const struct hubscope_collection *collection, size_t query);

/** The number of models, at least 1. */
HUBSCOPE_API size_t hubscope_collection_models(const struct hubscope_collection *collection);

/** The name of model `model`; null past the last.  The first is meant where none is named. */
HUBSCOPE_API const char *hubscope_collection_model(const struct hubscope_collection *collection, size_t model);

/** The number of dimensions of a model's embeddings, d; 0 if it stores similarities, or past the last. */
HUBSCOPE_API size_t hubscope_collection_dimension(const struct hubscope_collection *collection, size_t model);

/** A model's factor from cosine to logit; NaN past the last. */
HUBSCOPE_API double hubscope_collection_logit_scale(const struct hubscope_collection *collection, size_t model);

/** The number of banks for a direction; all models list the same. */
HUBSCOPE_API size_t hubscope_collection_banks(const struct hubscope_collection *collection,
                                              enum hubscope_direction direction);

/** The name of bank `bank` for a direction; null past the last. */
HUBSCOPE_API const char *hubscope_collection_bank(const struct hubscope_collection *collection,
                                                  enum hubscope_direction direction, size_t bank);

/** Writes a video's key, as the tables of an import call it; "" for matrices in memory.
 *
 * @param collection the collection
 * @param video its row
 * @param[out] buffer the key, NUL-terminated and cut to `size`
 * @param size bytes at `buffer`, at least 1 */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error
hubscope_collection_key(const struct hubscope_collection *collection, size_t video, char *buffer, size_t size);

/** Writes a query's caption; "" for matrices in memory.
 *
 * @param collection the collection
 * @param query its row
 * @param[out] buffer the caption, NUL-terminated and cut to `size`
 * @param size bytes at `buffer`, at least 1 */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error
hubscope_collection_caption(const struct hubscope_collection *collection, size_t query, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
