#include "engine/formats/codec.h"

#include "engine/base/library.h"
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

/* All but zlib, which much of the rest depends on, are loaded at the first block: snappy brings the C++ library. */
#define LIBRARY(codec, soname, package, function)                                                                      \
    static __typeof__(function) *codec##_function;                                                                     \
    static const struct library_symbol codec##_symbols[] = {{.name = #function, .place = &codec##_function}, {0}};     \
    static struct library codec##_library = {.file = (soname),                                                         \
                                             .without = "Parquet files compressed by " #codec " cannot be read",       \
                                             .debian = (package),                                                      \
                                             .symbols = codec##_symbols};

#if HUBSCOPE_SNAPPY
LIBRARY(snappy, HUBSCOPE_SNAPPY_SONAME, "libsnappy1v5", snappy_uncompress)

static bool unpack_snappy(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    size_t length = size;

    return snappy_function((const char *)packed, packed_size, (char *)bytes, &length) == SNAPPY_OK && length == size;
}
#define SNAPPY                                                                                                         \
    {                                                                                                                  \
        "snappy", unpack_snappy, &snappy_library                                                                       \
    }
#else
#define SNAPPY                                                                                                         \
    {                                                                                                                  \
        "snappy"                                                                                                       \
    }
#endif

#if HUBSCOPE_BROTLI
LIBRARY(brotli, HUBSCOPE_BROTLI_SONAME, "libbrotli1", BrotliDecoderDecompress)

static bool unpack_brotli(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    size_t length = size;

    return brotli_function(packed_size, packed, &length, bytes) == BROTLI_DECODER_RESULT_SUCCESS && length == size;
}
#define BROTLI                                                                                                         \
    {                                                                                                                  \
        "brotli", unpack_brotli, &brotli_library                                                                       \
    }
#else
#define BROTLI                                                                                                         \
    {                                                                                                                  \
        "brotli"                                                                                                       \
    }
#endif

#if HUBSCOPE_ZSTD
LIBRARY(zstd, HUBSCOPE_ZSTD_SONAME, "libzstd1", ZSTD_decompress)

static bool unpack_zstd(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    return zstd_function(bytes, size, packed, packed_size) == size;
}
#define ZSTD                                                                                                           \
    {                                                                                                                  \
        "zstd", unpack_zstd, &zstd_library                                                                             \
    }
#else
#define ZSTD                                                                                                           \
    {                                                                                                                  \
        "zstd"                                                                                                         \
    }
#endif

#if HUBSCOPE_LZ4
LIBRARY(lz4, HUBSCOPE_LZ4_SONAME, "liblz4-1", LZ4_decompress_safe)

static bool unpack_lz4(const unsigned char *packed, size_t packed_size, unsigned char *bytes, size_t size)
{
    return packed_size <= INT_MAX && size <= INT_MAX &&
           lz4_function((const char *)packed, (char *)bytes, (int)packed_size, (int)size) == (int)size;
}
#define LZ4_RAW                                                                                                        \
    {                                                                                                                  \
        "lz4_raw", unpack_lz4, &lz4_library                                                                            \
    }
#else
#define LZ4_RAW                                                                                                        \
    {                                                                                                                  \
        "lz4_raw"                                                                                                      \
    }
#endif

static const struct {
    const char *name;
    unpacker *unpack; /* null if not built in */
    struct library *library;
} codecs[] = {
    [CODEC_NONE] = {"none", copy}, [CODEC_SNAPPY] = SNAPPY,   [CODEC_GZIP] = {"gzip", unpack_gzip},
    [CODEC_LZO] = {"lzo"},         [CODEC_BROTLI] = BROTLI,   [CODEC_LZ4] = {"lz4"},
    [CODEC_ZSTD] = ZSTD,           [CODEC_LZ4_RAW] = LZ4_RAW,
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

int codec_open(int codec, struct error *error)
{
    return codecs[codec].library ? library_load(codecs[codec].library, error) : 0;
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
    return codec_built_in(codec) && codec_open(codec, NULL) == 0 &&
           codecs[codec].unpack(packed, packed_size, bytes, size);
}
