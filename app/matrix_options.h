/* Bare matrices in place of a collection. */
#ifndef HUBSCOPE_APP_MATRIX_OPTIONS_H
#define HUBSCOPE_APP_MATRIX_OPTIONS_H

#include "app/options.h"

struct matrix_options { /* files, or null */
    const char *queries, *videos, *sims, *bank_sims, *targets, *query_mask;
    double logit_scale; /* 0: not given */
};

extern const struct option_group matrix_group;

#define MATRIX_FILES                                                                                                   \
    "Matrix files are .npy, .npz, .safetensors, HDF5 or a pickled numpy array, whatever they are\n"                    \
    "called; FILE:NAME takes one array of several, as q.npz:text or v.h5:/feats.  Nothing in a pickle\n"               \
    "is run.\n"

bool matrix_options_any(const struct matrix_options *options); /* whether a file is given */

#endif
