/* Bare matrices in place of a collection. */
#ifndef HUBSCOPE_APP_MATRIX_OPTIONS_H
#define HUBSCOPE_APP_MATRIX_OPTIONS_H

#include "app/options.h"

struct matrix_options { /* files, or null */
    const char *queries, *videos, *sims, *bank_sims, *targets, *query_mask;
    int pool;           /* enum array_pool */
    double logit_scale; /* 0: not given */
};

extern const struct option_group matrix_group;

void matrix_files_list(FILE *out); /* the kinds of matrix files, for the help */

bool matrix_options_any(const struct matrix_options *options); /* whether any file is given */

#endif
