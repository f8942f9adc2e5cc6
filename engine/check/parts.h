/* The parts of a check of a collection, each for one kind of defect.  A part is a constant in one of this folder's
 * files and its entry in the table of parts.c; it may leave results for later ones. */
#ifndef HUBSCOPE_ENGINE_CHECK_PARTS_H
#define HUBSCOPE_ENGINE_CHECK_PARTS_H

#include "engine/catalog/check.h"
#include "engine/check/options.h"
#include "engine/matrices/matrix.h"

struct check_model { /* as the catalog has it */
    char name[64], folder[96];
    char path[4096];              /* of its folder */
    bool stored;                  /* similarities to the videos instead of embeddings */
    size_t dimension;             /* columns of every matrix, M if stored; 0: unknown */
    char digest[64], encoder[64]; /* "": absent */
    size_t first, count;          /* its matrices in `matrix` */
    bool shapes;                  /* all exist with the right shape */
};

struct check_matrix {
    size_t model;
    char file[96], path[4096];
    char split[64];       /* whose texts are its rows; "" for others */
    size_t wanted;        /* rows; 0: any number */
    struct matrix matrix; /* rows 0: it could not be opened */
};

struct checking { /* a check in progress */
    const char *path;
    char catalog_path[4096];
    const struct check_options *options;
    struct job *job;
    struct catalog_check *catalog; /* null: it cannot be read */
    size_t videos, queries;        /* rows in the catalog */
    struct check_model *model;
    size_t models;
    struct check_matrix *matrix; /* model by model: videos, queries (or similarities), banks, video banks, in the order
                                    in which digests are chained */
    size_t matrices;
    bool shapes; /* those of every model */
};

struct check_part {
    const char *name;
    bool cheap;
    bool needs_catalog, needs_shapes;
    bool needs_soundness; /* no fault has been found before */
    /* Adds faults to check->findings and describes in check->what what was checked.  Returns -1 only for what is not a
     * fault of the collection. */
    int (*run)(struct checking *checking, struct check *check, struct error *error);
};

extern const struct check_part check_part_catalog, check_part_meta, check_part_videos, check_part_texts,
    check_part_words, check_part_banks, check_part_pictures, check_part_fits;              /* catalog.c */
extern const struct check_part check_part_matrices, check_part_vectors, check_part_digest; /* matrices.c */
extern const struct check_part check_part_index, check_part_encoder, check_part_files, check_part_opening;

/* The value of a model in the catalog; false, and "", if it has none. */
bool check_model_meta(const struct checking *checking, const struct check_model *model, const char *key, char *buffer,
                      size_t size);

/* All of them, in the order in which they run. */
extern const struct check_part *const check_parts[];
extern const size_t check_part_count;

int check_cancelled(const struct checking *checking, struct error *error); /* -1 with the error if so */

bool check_is_digest(const char *text); /* 16 hexadecimal digits */

#endif
