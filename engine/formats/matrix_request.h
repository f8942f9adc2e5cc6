/* What a reader of a matrix is asked for. */
#ifndef HUBSCOPE_ENGINE_FORMATS_MATRIX_REQUEST_H
#define HUBSCOPE_ENGINE_FORMATS_MATRIX_REQUEST_H

#include "engine/formats/array.h"
#include "engine/formats/shards.h"
#include <stdbool.h>
#include <stddef.h>

enum { MATRIX_KEYS_TEXT = 160 };

struct matrix_keys {        /* what the rows of a matrix are, for files with a vector for each key */
    const char *const *key; /* (count) */
    size_t count;
    const char *from;                    /* the file that lists them, for errors */
    size_t surplus;                      /* is set: keys of the file that are not among them */
    char surplus_text[MATRIX_KEYS_TEXT]; /* some of them */
};

struct matrix_pieces { /* the files of a matrix in several */
    struct shards files;
    size_t *rows; /* of each */
};
void matrix_pieces_close(struct matrix_pieces *pieces); /* a zeroed one is fine */

struct matrix_request {
    const char *spec;
    enum array_pool pool;     /* how (N, T, D), or (T, D) for each key, becomes a matrix; POOL_NONE: it is refused */
    struct matrix_keys *keys; /* or null */
    bool any_order;           /* without keys: their order does not matter */
    bool *kept_order;         /* or null: set where the file has keys, whose order was kept */
    struct matrix_pieces *pieces; /* or null: set, and the caller's, if the matrix is in several files */
};

#endif
