/* A collection of videos, captions and banks: a directory with catalog.db and .npy matrices, or bare matrices.
 *
 * The collection owns everything reachable from it.  Matrices are immutable and may be read from any thread; so may the
 * catalog, through the catalog_* functions (SQLite serialises them). */
#ifndef HUBSCOPE_ENGINE_COLLECTION_COLLECTION_H
#define HUBSCOPE_ENGINE_COLLECTION_COLLECTION_H

#include "engine/base/error.h"
#include "engine/catalog/catalog.h"
#include "engine/collection/relevance.h"
#include "engine/encoders/encoder.h"
#include "engine/matrices/matrix.h"
#include <stdint.h>

struct bank { /* a named bank: embeddings, or its similarities to the gallery */
    char name[64];
    struct matrix matrix; /* (N, d) embeddings, or (N, M) similarities when collection.stored */
    int64_t first_text;   /* catalog id of the caption of row 0, followed by the others; 0: no captions (video banks) */
};

/* A second bank, of the gallery's own modality, from files instead of the collection's own banks. */
struct second_bank {
    char name[64];                   /* of its file; "": no second bank */
    struct matrix matrix;            /* (K, d) embeddings, or */
    struct matrix gallery_bank_sims; /* (K, M) its similarities to the gallery, and */
    struct matrix bank_gallery_sims; /* (N, K) the bank's similarities to it, each empty if not given; stored only */
};

struct collection {
    char name[128], model[128], licence[256], provenance[512];
    char *path;                               /* directory, or null for bare matrices */
    double logit_scale;                       /* the model's, or 100 if unknown */
    bool stored;                              /* similarities instead of embeddings */
    bool wordless;                            /* the queries in its catalog have no captions */
    size_t videos, queries;                   /* M and Q of t2v */
    size_t dimension;                         /* d; 0 when stored */
    double least, most;                       /* of the queries' stored similarities; NAN unless stored */
    size_t repeated_videos, repeated_queries; /* rows of embeddings that equal another row; 0 when stored */
    struct matrix video;                      /* (M, d); empty when stored */
    struct matrix query;                      /* (Q, d), or (Q, M) similarities when stored */
    uint32_t *target;                         /* (Q) video row of each query, UINT32_MAX if it has none */
    bool judged;                              /* the targets come from a file of judgements */
    struct relevance
        relevance;     /* zeroed unless queries have several relevant videos or grades: `target` is then the best */
    struct bank *bank; /* query banks, for t2v */
    size_t banks;
    struct bank *video_bank; /* video banks, for v2t */
    size_t video_banks;
    struct second_bank second;
    struct catalog *catalog; /* null for bare matrices */
    struct encoder *encoder; /* null if it has none */
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
    const char *mask;   /* Q values 0 or 1, of any shape; drops the queries with 0 */
    double logit_scale; /* 0: 100 */
};
struct collection *collection_bare(const struct bare *bare, struct error *error);

/* Replaces the targets of all queries by TREC judgements: see relevance_read_qrels.  Call before opening any task. */
int collection_read_qrels(struct collection *collection, const char *path, bool by_video, struct error *error);

/* Files of a second bank (engine/formats/matrix_file.h); null if not given. */
struct second_bank_files {
    const char *embeddings;                            /* (K, d) */
    const char *gallery_bank_sims, *bank_gallery_sims; /* or similarities: (K, M) and (N, K) */
};
/* Opens a second bank; call before opening any task.  Refuses embeddings if the collection stores similarities, and the
 * other way round, and shapes that do not match the collection. */
int collection_open_second_bank(struct collection *collection, const struct second_bank_files *files,
                                struct error *error);

/* Fills least, most and the repeated rows from the matrices. */
int collection_scan(struct collection *collection, struct error *error);
/* Keys of these facts in the catalog. */
#define COLLECTION_LEAST "similarity least"
#define COLLECTION_MOST "similarity most"
#define COLLECTION_REPEATED_VIDEOS "repeated videos"
#define COLLECTION_REPEATED_QUERIES "repeated queries"

void collection_close(struct collection *collection);

#endif
