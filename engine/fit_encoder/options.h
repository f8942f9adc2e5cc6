/* What fitting an encoder is asked for, and what it reports. */
#ifndef HUBSCOPE_ENGINE_FIT_ENCODER_OPTIONS_H
#define HUBSCOPE_ENGINE_FIT_ENCODER_OPTIONS_H

#include "engine/encoders/encoding.h"

enum {
    FIT_ENCODER_GROUPS = 6,
    FIT_ENCODER_CAPTIONS = 60, /* evaluation captions that are needed at least */
    FIT_ENCODER_VIDEOS = 20    /* videos that they must belong to, or captions without one */
};

struct fit_encoder_options {
    double ridge;        /* 0: chosen */
    double tolerance;    /* of the solver; 0: RIDGE_TOLERANCE */
    const char *vectors; /* null, or a .npy to write: the vectors measured, one row an evaluation
                            caption, NaN where it was not measured */
};

struct fit_encoder_report {
    size_t captions, banks;     /* learnt from, all splits; banks among these */
    size_t words, grams;        /* of the encoder */
    double ridge;
    struct encoder_quality quality;
    size_t with_video;          /* captions measured that R@10 counts */
    char other[64];             /* type of the encoder that the collection has; "": none compared */
    struct encoder_quality other_quality; /* measured on the same captions */
    double other_overlap;       /* share of its top 10 that is in the fitted encoder's */
};

#endif
