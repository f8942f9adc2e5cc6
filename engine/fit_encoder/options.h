/* What fitting an encoder is given, and what it reports. */
#ifndef HUBSCOPE_ENGINE_FIT_ENCODER_OPTIONS_H
#define HUBSCOPE_ENGINE_FIT_ENCODER_OPTIONS_H

#include "engine/encoders/encoding.h"

struct collection_model;

enum {
    FIT_ENCODER_GROUPS = 6,
    FIT_ENCODER_CAPTIONS = 60, /* the least number of evaluation captions */
    FIT_ENCODER_VIDEOS = 20    /* the least number of their videos, or of captions without one */
};

struct fit_encoder_options {
    const struct collection_model *model; /* whose embeddings it learns; null: the collection's first */
    double ridge;                         /* 0: choose it */
    double tolerance;                     /* of the solver; 0: RIDGE_TOLERANCE */
    const char *vectors; /* null, or a .npy to write: the measured vectors, one row an evaluation caption, NaN if it was
                            not measured */
};

struct fit_encoder_report {
    size_t captions, banks; /* learnt from, all splits; banks among these */
    size_t words, grams;    /* of the encoder */
    double ridge;
    struct encoder_quality quality;
    size_t with_video;                    /* captions measured that R@10 counts */
    char other[64];                       /* type of the collection's own encoder; "": none compared */
    struct encoder_quality other_quality; /* measured on the same captions */
    double other_overlap;                 /* share of its top 10 that is in the fitted encoder's */
};

#endif
