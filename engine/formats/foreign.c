#include "engine/formats/foreign.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool has(const unsigned char *bytes, size_t size, size_t at, const char *magic, size_t length)
{
    return size >= at + length && memcmp(bytes + at, magic, length) == 0;
}

/* CRC-32C of eight bytes, masked as TensorFlow does. */
static uint32_t masked_crc(const unsigned char *bytes)
{
    uint32_t crc = UINT32_MAX;

    for (int i = 0; i < 8; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    crc = ~crc;
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/* A record is its length, a checksum of that, data and a checksum. */
static bool is_tfrecord(const unsigned char *bytes, size_t size)
{
    uint32_t crc;

    if (size < 16)
        return false;
    memcpy(&crc, bytes + 8, sizeof crc);
    return crc == masked_crc(bytes);
}

/* "Ixyz" for the kind of index, and its dimension, which has less than 24 bits. */
static bool is_faiss(const unsigned char *bytes, size_t size)
{
    return size > 32 && bytes[0] == 'I' && isalpha(bytes[1]) && isalnum(bytes[2]) && isalnum(bytes[3]) && !bytes[7];
}

/* A stream of Arrow messages: a marker, the size of a header, and the header. */
static bool is_arrow_stream(const unsigned char *bytes, size_t size)
{
    uint32_t header;

    if (!has(bytes, size, 0, "\xff\xff\xff\xff", 4) || size < 12)
        return false;
    memcpy(&header, bytes + 4, sizeof header);
    return header % 8 == 0 && header > 0 && header <= size - 8;
}

const char *foreign_file(const unsigned char *bytes, size_t size)
{
    static const struct {
        size_t at;
        const char *magic;
        size_t length;
        const char *what;
    } kinds[] = {
        {0, "version https://git-lfs", 23, "a Git LFS pointer, not the file itself: fetch that with git lfs pull"},
        {257, "ustar", 5, "a tar archive: unpack it, and store the vectors with numpy.save"},
        {0, "MATLAB 5.0 MAT-file", 19,
         "a MATLAB 5 file: store it with save('FILE', '-v7.3'), or scipy.io.loadmat and numpy.save"},
        {0, "ARROW1", 6, "an Arrow file: store the column with numpy.save(FILE, numpy.stack(column.to_numpy()))"},
        {0, "PARE", 4, "an encrypted Parquet file: write it without encryption"},
        {0, "SQLite format 3", 16, "an SQLite database: select the vectors, as FILE?SELECT key, vector FROM TABLE"},
        {0, "\x1f\x8b", 2, "compressed with gzip: unpack it with gunzip"},
        {0, "\x28\xb5\x2f\xfd", 4, "compressed with Zstandard: unpack it with zstd -d"},
        {4, "1AY&SY", 6, "compressed with bzip2: unpack it with bunzip2"},
        {0,
         "\xfd"
         "7zXZ",
         5, "compressed with xz: unpack it with unxz"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has(bytes, size, kinds[i].at, kinds[i].magic, kinds[i].length))
            return kinds[i].what;
    if (size > 4 && memcmp(bytes + size - 4, "LANC", 4) == 0)
        return "a Lance file: store the column with numpy.save(FILE, numpy.stack(table[COLUMN].to_numpy()))";
    if (is_arrow_stream(bytes, size))
        return "an Arrow stream: store the column with numpy.save(FILE, numpy.stack(column.to_numpy()))";
    if (is_faiss(bytes, size))
        return "a FAISS index: store index.reconstruct_n(0, index.ntotal) with numpy.save";
    if (is_tfrecord(bytes, size))
        return "TFRecord: parse it with tensorflow, and store the vectors with numpy.save";
    return NULL;
}
