/* Captions of a query bank with the clips they belong to, as heads are learned from.  Evaluation captions, and clips
 * that are evaluation videos, are never among them: they are found by key where the catalog knows it, and by equal
 * rows. */
#ifndef HUBSCOPE_ENGINE_LEARNED_MODEL_BANK_PAIRS_H
#define HUBSCOPE_ENGINE_LEARNED_MODEL_BANK_PAIRS_H

#include "engine/collection/collection.h"
#include "engine/learning/pairs.h"

struct bank_pairs_options {
    const char *texts; /* name of the query bank */
    const char
        *videos; /* name of the bank of videos; null: by key if the catalog knows any, else the query bank's name */
    const int64_t *row; /* (rows) of each caption's clip in the bank of videos, -1 for none; null: by key or in order */
    size_t rows;
    bool leave_out; /* leaves out evaluation captions and videos; else they are refused */
};

enum bank_pairs_source {
    BANK_PAIRS_ROWS, /* given */
    BANK_PAIRS_KEYS, /* the clips are videos of the gallery that no evaluation query belongs to */
    BANK_PAIRS_ORDER /* caption i belongs to clip i / (captions / clips) */
};

struct bank_pairs {
    struct pairs pairs; /* the banks are borrowed from the model */
    uint32_t *video;    /* (captions of the bank) owned */
    const char *texts, *videos;
    enum bank_pairs_source source;
    size_t captions; /* with a clip */
    size_t left_out; /* evaluation captions, and captions of evaluation videos */
};

/* Fails for stored similarities, unknown banks, rows that do not exist, banks that cannot be paired and, unless they
 * are left out, evaluation captions and videos. */
int bank_pairs_open(struct bank_pairs *bank, const struct collection *collection, const struct collection_model *model,
                    const struct bank_pairs_options *options, struct error *error);
void bank_pairs_close(struct bank_pairs *bank);

#endif
