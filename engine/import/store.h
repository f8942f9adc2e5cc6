/* Writing a matrix to a .npy file, block by block, and learning in the same pass what catalogs keep of it.  It
 * becomes float32, unless it is to stay in float16. */
#ifndef HUBSCOPE_ENGINE_IMPORT_STORE_H
#define HUBSCOPE_ENGINE_IMPORT_STORE_H

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/matrices/matrix.h"

#include <stdbool.h>
#include <stdint.h>

struct store {
    bool scale; /* rows are scaled to length 1, but those that are within `tolerance` of it */
    double tolerance;
    bool halves;       /* the matrix, which is in float16 and not scaled, stays so */
    bool repeats;      /* counts the rows that equal another row */
    uint64_t chained;  /* a digest that is continued over this matrix */
    uint64_t digest;   /* result: of this matrix alone */
    size_t repeated;   /* result */
    float least, most; /* result: of all values */
};

/* All or nothing.  Holds a few megabytes, and 8 bytes a row to count repeats; takes store_steps on the job. */
int store_matrix(struct store *store, const struct matrix *matrix, const char *path, struct job *job,
                 struct error *error);
size_t store_steps(const struct matrix *matrix);

#endif
