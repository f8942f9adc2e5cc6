#include "engine/formats/codec.h"

#include "engine/base/text.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>
#if HUBSCOPE_SNAPPY
#include <snappy-c.h>
#endif
#if HUBSCOPE_BROTLI
#include <brotli/decode.h>
#endif
#if HUBSCOPE_ZSTD
#include <zstd.h>
#endif
#if HUBSCOPE_LZ4
#include <lz4.h>
#endif

typedef bool unpacker(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size);

static bool copy(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    if (packed_size == size)
        memcpy(bytes, packed, size);
    return packed_size == size;
}

static bool unpack_gzip(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    z_stream stream = {.next_in = (unsigned char *)packed, .next_out = bytes};

    if (packed_size > UINT_MAX || size > UINT_MAX || inflateInit2(&stream, 15 + 32) != Z_OK)
        return false;
    stream.avail_in = (unsigned)packed_size;
    stream.avail_out = (unsigned)size;
    int status = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return status == Z_STREAM_END && stream.total_out == size;
}

#if HUBSCOPE_SNAPPY
static bool unpack_snappy(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    size_t length = size;

    return snappy_uncompress((const char *)packed, packed_size, (char *)bytes, &length) == SNAPPY_OK && length == size;
}
#else
#define unpack_snappy NULL
#endif

#if HUBSCOPE_BROTLI
static bool unpack_brotli(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    size_t length = size;

    return BrotliDecoderDecompress(packed_size, packed, &length, bytes) == BROTLI_DECODER_RESULT_SUCCESS &&
           length == size;
}
#else
#define unpack_brotli NULL
#endif

#if HUBSCOPE_ZSTD
static bool unpack_zstd(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    return ZSTD_decompress(bytes, size, packed, packed_size) == size;
}
#else
#define unpack_zstd NULL
#endif

#if HUBSCOPE_LZ4
static bool unpack_lz4(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    return packed_size <= INT_MAX && size <= INT_MAX &&
           LZ4_decompress_safe((const char *)packed, (char *)bytes, (int)packed_size, (int)size) == (int)size;
}
#else
#define unpack_lz4 NULL
#endif

static const struct {
    const char *name;
    unpacker *unpack;
} codecs[] = {
    [CODEC_NONE] = {"none", copy},
    [CODEC_SNAPPY] = {"snappy", unpack_snappy},
    [CODEC_GZIP] = {"gzip", unpack_gzip},
    [CODEC_LZO] = {"lzo", NULL},
    [CODEC_BROTLI] = {"brotli", unpack_brotli},
    [CODEC_LZ4] = {"lz4", NULL},
    [CODEC_ZSTD] = {"zstd", unpack_zstd},
    [CODEC_LZ4_RAW] = {"lz4_raw", unpack_lz4},
};

enum { CODECS = sizeof codecs / sizeof *codecs };

const char *codec_name(int codec)
{
    return codec >= 0 && codec < CODECS ? codecs[codec].name : NULL;
}

bool codec_built_in(int codec)
{
    return codec >= 0 && codec < CODECS && codecs[codec].unpack;
}

void codec_names(char *buffer, size_t size)
{
    *buffer = '\0';
    for (int i = CODEC_NONE + 1; i < CODECS; i++)
        if (codec_built_in(i))
            text_append(buffer, size, ", ", codecs[i].name);
}

bool codec_unpack(int codec, const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    return codec_built_in(codec) && codecs[codec].unpack(packed, packed_size, bytes, size);
}
