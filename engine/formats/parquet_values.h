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

/* All return false where the bytes are damaged or do not suffice, or out of memory. */

/* Reads `count` integers of `width` bits (at most 32) in runs and groups of eight. */
bool parquet_runs(struct span *span, unsigned width, size_t count, uint32_t *out);

/* Reads `count` values of a column, which may point into the span, or into *scratch, which is allocated where an
 * encoding needs it and the caller frees.  Encodings of a dictionary are not among them. */
bool parquet_values(const struct parquet_column *column, int encoding, struct span *span, size_t count,
                    struct parquet_value *out, unsigned char **scratch);

bool parquet_encoding_known(const struct parquet_column *column, int encoding);

#endif
