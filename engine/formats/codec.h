/* Decompression of whole blocks, by the libraries that this build has. */
#ifndef HUBSCOPE_ENGINE_FORMATS_CODEC_H
#define HUBSCOPE_ENGINE_FORMATS_CODEC_H

#include "engine/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* As Parquet numbers them. */
enum codec { CODEC_NONE, CODEC_SNAPPY, CODEC_GZIP, CODEC_LZO, CODEC_BROTLI, CODEC_LZ4, CODEC_ZSTD, CODEC_LZ4_RAW };

const char *codec_name(int codec); /* null if unknown */
bool codec_built_in(int codec);
int codec_open(int codec, struct error *error); /* loads the library of one that is built in */

/* "gzip, snappy, ...": those that are built in. */
void codec_names(char *buffer, size_t size);

/* Fills exactly `size` bytes; false if the block is damaged or has another size. */
bool codec_unpack(int codec, const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size);

#endif
