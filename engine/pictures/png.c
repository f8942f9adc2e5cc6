#include "engine/pictures/png.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { FIRST_CHUNK = 8, HEADER_SIZE = 33, CHUNK_ENDS = 12, SLACK = 1 << 16 };

static uint32_t number_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Bytes of the rows with their filters; interlaced ones have up to twice as many rows, in seven pictures. */
static uint64_t most_bytes(const unsigned char *header)
{
    static const unsigned char channels[] = {1, 0, 3, 1, 2, 0, 4};
    uint64_t width = number_at(header + 16), height = number_at(header + 20), depth = header[24];
    uint64_t of = header[25] < sizeof channels ? channels[header[25]] : 4;

    return 2 * (width * of * depth / 8 + 2) * height + SLACK;
}

bool png_is_bounded(const unsigned char *bytes, size_t size)
{
    unsigned char out[1 << 15];
    z_stream stream = {0};
    int code = Z_OK;
    bool bounded = true, bare = size > HEADER_SIZE && memcmp(bytes + 12, "CgBI", 4) == 0; /* Apple's: no zlib header */
    size_t skipped = bare ? CHUNK_ENDS + (size_t)number_at(bytes + FIRST_CHUNK) : 0;

    if (size < HEADER_SIZE || skipped > size - HEADER_SIZE ||
        inflateInit2(&stream, bare ? -MAX_WBITS : MAX_WBITS) != Z_OK)
        return true;
    uint64_t most = most_bytes(bytes + skipped);
    for (size_t at = FIRST_CHUNK; bounded && code == Z_OK && at + CHUNK_ENDS <= size;) {
        size_t length = number_at(bytes + at), rest = size - at - CHUNK_ENDS;
        if (length > rest)
            break;
        if (memcmp(bytes + at + 4, "IDAT", 4) == 0) {
            stream.next_in = (Bytef *)(uintptr_t)(bytes + at + 8);
            stream.avail_in = (uInt)length;
        }
        while (bounded && code == Z_OK && stream.avail_in) {
            stream.next_out = out;
            stream.avail_out = sizeof out;
            code = inflate(&stream, Z_NO_FLUSH);
            bounded = stream.total_out <= most;
        }
        at += CHUNK_ENDS + length;
    }
    inflateEnd(&stream);
    return bounded;
}
