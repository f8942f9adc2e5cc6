/* A collection of videos, captions and banks: a directory with catalog.db and .npy matrices, or bare matrices.
 *
 * The collection owns everything reachable from it.  Matrices are immutable and may be read from any thread; so may the
 * catalog, through the catalog_* functions (SQLite serialises them). */
#ifndef HUBSCOPE_ENGINE_COLLECTION_COLLECTION_H
#define HUBSCOPE_ENGINE_COLLECTION_COLLECTION_H

#include "engine/base/error.h"
#include "engine/catalog/catalog.h"
#include "engine/collection/collection_model.h"
#include "engine/collection/relevance.h"
#include "engine/formats/array.h"
#include <stdint.h>

enum { COLLECTION_MODELS_MOST = 64 };

struct collection {
    char name[128], licence[256], provenance[512];
    char *path;             /* directory, or null for bare matrices */
    bool wordless;          /* the queries in its catalog have no captions */
    size_t videos, queries; /* M and Q of t2v */
    uint32_t *target;       /* (Q) video row of each query, UINT32_MAX if it has none */
    bool judged;            /* the targets come from a file of judgements */
    struct relevance
        relevance; /* zeroed unless queries have several relevant videos or grades: `target` is then the best */
    struct collection_model **model; /* (models) at least one; the first is meant if none is named */
    size_t models;
    struct catalog *catalog; /* null for bare matrices */
};

/* Opens a directory made by collection_import.  Checks that the catalog and every matrix agree. */
struct collection *collection_open(const char *path, struct error *error);

/* Bare matrix files (engine/formats/matrix_file.h) named on the command line; null if not given. */
struct bare {
    const char *queries, *videos, *bank, *video_bank; /* embeddings; copied to L2-normalise rows that are not */
    const char *sims, *bank_sims;                     /* or stored similarities (Q, M) and (N, M) */
    const char *targets; /* (Q) or (Q, R) integers; default: query i belongs to item i / (Q/M) */
    const char *qrels;   /* or TREC judgements: see relevance_read_qrels */
    bool qrels_by_video;
    const char *mask;     /* Q values 0 or 1, of any shape; drops the queries with 0 */
    enum array_pool pool; /* how (N, T, D) becomes embeddings */
    double logit_scale;   /* 0: 100 */
};
struct collection *collection_bare(const struct bare *bare, struct error *error);

/* Replaces the targets of all queries by TREC judgements: see relevance_read_qrels.  Call before opening any task. */
int collection_read_qrels(struct collection *collection, const char *path, bool by_video, struct error *error);

/* Files of a second bank (engine/formats/matrix_file.h); null if not given. */
struct second_bank_files {
    const char *embeddings;                            /* (K, d) */
    enum array_pool pool;                              /* how (K, T, d) becomes these */
    const char *gallery_bank_sims, *bank_gallery_sims; /* or similarities: (K, M) and (N, K) */
};
/* Opens a second bank; call before opening any task.  Refuses embeddings if the collection stores similarities, and the
 * other way round, and shapes that do not match the collection. */
int collection_open_second_bank(struct collection *collection, const struct second_bank_files *files,
                                struct error *error);

/* The model of that name; null, with an error that lists the known ones, if there is none. */
struct collection_model *collection_find_model(const struct collection *collection, const char *name,
                                               struct error *error);

/* Adds a model, zeroed but for its name, after the others, to at most COLLECTION_MODELS_MOST; null on failure.  Nothing
 * moves, so other threads may go on reading the models that there were. */
struct collection_model *collection_add_model(struct collection *collection, const char *name, struct error *error);

void collection_close(struct collection *collection);

#endif
