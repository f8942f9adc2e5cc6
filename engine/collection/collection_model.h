/* A model of a collection: one set of embeddings (or stored similarities) of its videos and captions.
 *
 * All models of a collection have the same videos, queries and captions, row for row, and list the same banks in the
 * same order; a bank that a model has no rows of has matrix.rows 0 there. */
#ifndef HUBSCOPE_ENGINE_COLLECTION_COLLECTION_MODEL_H
#define HUBSCOPE_ENGINE_COLLECTION_COLLECTION_MODEL_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/encoders/encoder.h"
#include "engine/matrices/matrix.h"
#include "engine/matrices/row_codes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog;

enum { COLLECTION_MODEL_NAME = 64 };
#define COLLECTION_INDEX "videos.index" /* of the model's videos: engine/formats/row_codes_file.h */
#define COLLECTION_MODELS "models/"     /* where models but the first have their folders */

struct bank { /* a named bank: embeddings, or its similarities to the gallery */
    char name[64];
    char file[96];        /* of its matrix, in the model's folder; "" if it came from elsewhere */
    struct matrix matrix; /* (N, d) embeddings, or (N, M) similarities where they are stored; rows 0: not available */
    int64_t first_text;   /* catalog id of the caption of row 0, followed by the others; 0: no captions (video banks) */
};

/* A second bank, of the gallery's own modality, from files instead of the collection's own banks. */
struct second_bank {
    char name[64];                   /* of its file; "": no second bank */
    struct matrix matrix;            /* (K, d) embeddings, or */
    struct matrix gallery_bank_sims; /* (K, M) its similarities to the gallery, and */
    struct matrix bank_gallery_sims; /* (N, K) the bank's similarities to it, each empty if not given; stored only */
};

struct collection_model {
    char name[COLLECTION_MODEL_NAME];         /* "base": how the command line and the screen call it */
    char folder[96];                          /* below the collection's directory; "": its files lie there themselves */
    char description[128], provenance[512];   /* free text */
    char digest[17];                          /* of its matrices, in hexadecimal; "": unknown, so no fit is cached */
    double logit_scale;                       /* 100 where it is not known */
    bool stored;                              /* similarities instead of embeddings */
    size_t dimension;                         /* d; 0 when stored */
    double least, most;                       /* of the queries' stored similarities; NAN unless stored */
    size_t repeated_videos, repeated_queries; /* rows of embeddings that equal another row; 0 when stored */
    struct matrix video;                      /* (M, d); empty when stored */
    struct row_codes index;                   /* of `video`; rows 0: none */
    bool index_unused;                        /* it has one, which is stale or cannot be read */
    struct matrix query;                      /* (Q, d), or (Q, M) similarities when stored */
    struct bank *bank;                        /* (banks) query banks, for t2v */
    size_t banks;
    struct bank *video_bank; /* (video_banks) for v2t */
    size_t video_banks;
    struct second_bank second;
    struct encoder *encoder; /* null if it has none */
};

/* Opens the model of that name and folder, of the collection at `path`.  Checks that the catalog and every matrix
 * agree; release it with collection_model_close in either case. */
int collection_model_open(struct collection_model *model, struct catalog *catalog, const char *path,
                          struct error *error);
void collection_model_close(struct collection_model *model); /* of a zeroed one, too */

/* Writes the path of a file or folder of the model ("encoder"), in the collection at `collection`. */
int collection_model_path(const struct collection_model *model, const char *collection, const char *name, char *buffer,
                          size_t size, struct error *error);

/* Whether a text can name a model: 1 to 63 letters, digits, '.', '_' and '-', not beginning with a dot. */
bool collection_model_names(const char *text);

/* Refuses a matrix of the model that holds NaN or infinite values; the error names the file and the rows.  Reads the
 * matrix at the first call only.  `collection` is the path of the model's collection, or null. */
int collection_model_check(const struct collection_model *model, const char *collection, const struct matrix *matrix,
                           struct job *job, struct error *error);

/* The same for all of the model's matrices. */
int collection_model_check_all(const struct collection_model *model, const char *collection, struct job *job,
                               struct error *error);

/* Fills least, most and the repeated rows from the matrices. */
int collection_model_scan(struct collection_model *model, struct error *error);
/* Where catalogs keep them. */
#define COLLECTION_LEAST "similarity least"
#define COLLECTION_MOST "similarity most"
#define COLLECTION_REPEATED_VIDEOS "repeated videos"
#define COLLECTION_REPEATED_QUERIES "repeated queries"

/* The query banks, or the video banks. */
static inline const struct bank *collection_model_banks(const struct collection_model *model, bool videos,
                                                        size_t *count)
{
    *count = videos ? model->video_banks : model->banks;
    return videos ? model->video_bank : model->bank;
}

/* The bank of that name; null if the model does not list it. */
const struct bank *collection_model_bank(const struct collection_model *model, bool videos, const char *name);

/* The bank of that name that the model has rows of, or without a name the first such.  Null without an error if no name
 * is given and there is none; null with the error filled for a name that it does not have. */
const struct bank *collection_model_choose_bank(const struct collection_model *model, bool videos, const char *name,
                                                struct error *error);

#endif
