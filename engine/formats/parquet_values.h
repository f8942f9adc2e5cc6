/* The encodings of Parquet's pages: runs of small integers, and values of every type. */
#ifndef HUBSCOPE_ENGINE_FORMATS_PARQUET_VALUES_H
#define HUBSCOPE_ENGINE_FORMATS_PARQUET_VALUES_H

#include "engine/formats/parquet_meta.h"

struct span { /* bytes that are still to be read */
    const unsigned char *at, *end;
};

struct parquet_value { /* little-endian, of the column's width, or bytes */
    const unsigned char *bytes;
    size_t size;
};

enum parquet_encoding {
    ENCODING_PLAIN = 0,
    ENCODING_PLAIN_DICTIONARY = 2,
    ENCODING_RLE = 3,
    ENCODING_DELTA = 5,
    ENCODING_DELTA_LENGTH = 6,
    ENCODING_DELTA_BYTES = 7,
    ENCODING_DICTIONARY = 8,
    ENCODING_SPLIT = 9
};

struct parquet_runs { /* integers of `width` bits, at most 32, in runs of one value and packed groups of eight */
    struct span span;
    unsigned width;
    uint64_t left; /* of the current run or groups, as below */
    uint32_t value;
    const unsigned char *packed; /* NULL: a run */
    size_t taken;                /* of the packed ones */
};

/* All return false where the bytes are damaged or do not suffice, or out of memory. */

/* Takes the next `count` integers; at first only `span` and `width` are set. */
bool parquet_runs(struct parquet_runs *runs, size_t count, uint32_t *out);

/* Reads `count` values of a column, which may point into the span, or into *scratch, which is allocated where an
 * encoding needs it and the caller frees.  Encodings in runs (parquet_in_runs) are not among them. */
bool parquet_values(const struct parquet_column *column, int encoding, struct span *span, size_t count,
                    struct parquet_value *out, unsigned char **scratch);

bool parquet_in_runs(int encoding); /* of numbers in a dictionary, or of booleans */
bool parquet_encoding_known(const struct parquet_column *column, int encoding);

#endif
