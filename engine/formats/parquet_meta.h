/* The footer of a Parquet file: its columns, and where their pieces lie. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PARQUET_META_H
#define HUBSCOPE_ENGINE_FORMATS_PARQUET_META_H

#include "engine/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum parquet_type {
    PARQUET_BOOLEAN,
    PARQUET_INT32,
    PARQUET_INT64,
    PARQUET_INT96,
    PARQUET_FLOAT,
    PARQUET_DOUBLE,
    PARQUET_BYTES,
    PARQUET_FIXED
};

struct parquet_column { /* a leaf of the schema */
    char *name;         /* of the column, without the levels of its list */
    enum parquet_type type;
    size_t width;               /* bytes of a PARQUET_FIXED */
    bool text;                  /* its bytes are UTF-8 */
    bool is_unsigned;           /* its integers are */
    unsigned defined, repeated; /* the highest levels */
    bool plain, list;           /* it is a column of values, or of lists of values; neither: of something else */
};

struct parquet_chunk {    /* a column in a row group */
    uint64_t start, size; /* of its pages */
    int64_t values;
    int codec;
};

struct parquet {
    const char *path;
    const unsigned char *bytes;
    size_t size;
    struct parquet_column *column;
    size_t columns;
    struct parquet_chunk *chunk; /* (groups, columns) */
    int64_t *rows;               /* (groups) */
    size_t groups;
    int64_t total; /* rows */
};

/* Reads the footer of the file at `bytes`, which must outlive it. */
int parquet_open(struct parquet *parquet, const char *path, const unsigned char *bytes, size_t size,
                 struct error *error);
void parquet_close(struct parquet *parquet);
int parquet_damaged(const char *path, struct error *error); /* sets the error; -1 */

#endif
