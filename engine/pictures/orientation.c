#include "engine/pictures/orientation.h"

#include <string.h>

enum { TAG = 0x112, SHORT = 3, ENTRY = 12, ENTRIES_MOST = 1000 };

struct reading { /* a TIFF structure */
    const unsigned char *bytes;
    size_t size;
    bool big; /* byte order */
};

static uint32_t number(const struct reading *reading, size_t at, size_t width)
{
    uint32_t value = 0;

    for (size_t i = 0; i < width; i++)
        value |= (uint32_t)reading->bytes[at + i] << 8 * (reading->big ? width - 1 - i : i);
    return value;
}

/* Looks for the tag in the first directory. */
static int from_tiff(const unsigned char *bytes, size_t size)
{
    struct reading reading = {bytes, size, size > 1 && bytes[0] == 'M'};

    if (size < 8 || (memcmp(bytes, "II*\0", 4) != 0 && memcmp(bytes, "MM\0*", 4) != 0))
        return ORIENTATION_PLAIN;
    size_t at = number(&reading, 4, 4);
    if (at > size - 2)
        return ORIENTATION_PLAIN;
    size_t entries = number(&reading, at, 2);
    at += 2;
    for (size_t i = 0; i < entries && i < ENTRIES_MOST && size - at >= ENTRY; i++, at += ENTRY) {
        if (number(&reading, at, 2) != TAG || number(&reading, at + 2, 2) != SHORT)
            continue;
        uint32_t value = number(&reading, at + 8, 2);
        return value >= ORIENTATION_PLAIN && value <= ORIENTATION_MOST ? (int)value : ORIENTATION_PLAIN;
    }
    return ORIENTATION_PLAIN;
}

/* Exif data may begin with a name. */
static int from_exif(const unsigned char *bytes, size_t size)
{
    bool named = size > 6 && memcmp(bytes, "Exif\0\0", 6) == 0;

    return named ? from_tiff(bytes + 6, size - 6) : from_tiff(bytes, size);
}

/* Segments: FF, a marker, a length that counts itself. */
static int from_jpeg(const unsigned char *bytes, size_t size)
{
    enum { APP1 = 0xe1, SCAN = 0xda, FILL = 0xff };
    size_t at = 2;

    while (size - at >= 4 && bytes[at] == 0xff && bytes[at + 1] != SCAN) {
        size_t length = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        if (bytes[at + 1] == FILL) {
            at++;
            continue;
        }
        if (length < 2 || length > size - at - 2)
            break;
        if (bytes[at + 1] == APP1 && length > 8 && memcmp(bytes + at + 4, "Exif\0\0", 6) == 0)
            return from_exif(bytes + at + 4, length - 2);
        at += 2 + length;
    }
    return ORIENTATION_PLAIN;
}

/* Chunks: a length and a name, data, in PNG also a checksum; RIFF has the name first, and even lengths. */
static int from_chunks(const unsigned char *bytes, size_t size, bool png)
{
    struct reading reading = {bytes, size, png};
    size_t at = png ? 8 : 12;

    while (at <= size && size - at >= 8) {
        size_t length = number(&reading, png ? at : at + 4, 4);
        const unsigned char *name = bytes + (png ? at + 4 : at);
        if (length > size - at - 8)
            break;
        if (memcmp(name, png ? "eXIf" : "EXIF", 4) == 0)
            return from_exif(bytes + at + 8, length);
        at += 8 + length + (png ? 4 : length % 2);
    }
    return ORIENTATION_PLAIN;
}

/* The byte in a box of nine, or -1; files of one picture have at most one of each kind. */
static int box_value(const unsigned char *bytes, size_t size, const char *name)
{
    enum { LOOKED_AT = 64 << 10, BEFORE = 8 };
    unsigned char wanted[BEFORE] = {0, 0, 0, BEFORE + 1};

    memcpy(wanted + 4, name, 4);
    const unsigned char *box = memmem(bytes, size < LOOKED_AT ? size : LOOKED_AT, wanted, BEFORE);
    return box && (size_t)(box - bytes) < size - BEFORE ? box[BEFORE] : -1;
}

/* Quarter turns against the clock, then top and bottom (0) or left and right (1) exchanged. */
static int from_avif(const unsigned char *bytes, size_t size)
{
    static const int shown[4][3] = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
    int turned = box_value(bytes, size, "irot"), mirrored = box_value(bytes, size, "imir");

    return shown[turned < 0 ? 0 : turned & 3][mirrored < 0 ? 0 : 1 + (mirrored & 1)];
}

int orientation_of(const void *bytes, size_t size)
{
    const unsigned char *start = bytes;

    if (size < 16)
        return ORIENTATION_PLAIN;
    if (memcmp(start, "\xff\xd8\xff", 3) == 0)
        return from_jpeg(start, size);
    if (memcmp(start, "\x89PNG", 4) == 0)
        return from_chunks(start, size, true);
    if (memcmp(start, "RIFF", 4) == 0 && memcmp(start + 8, "WEBP", 4) == 0)
        return from_chunks(start, size, false);
    return memcmp(start + 4, "ftyp", 4) == 0 ? from_avif(start, size) : from_tiff(start, size);
}

bool orientation_swaps(int orientation)
{
    return orientation >= 5;
}

void orientation_apply(int orientation, const uint8_t *from, int width, int height, uint8_t *to)
{
    bool swaps = orientation_swaps(orientation);
    int columns = swaps ? height : width, rows = swaps ? width : height;
    /* where a stored pixel (x, y) is shown: mirrored along the shown axes */
    bool mirror_x = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    bool mirror_y = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;

    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int to_x = swaps ? y : x, to_y = swaps ? x : y;
            to_x = mirror_x ? columns - 1 - to_x : to_x;
            to_y = mirror_y ? rows - 1 - to_y : to_y;
            memcpy(to + 3 * ((size_t)to_y * (size_t)columns + (size_t)to_x),
                   from + 3 * ((size_t)y * (size_t)width + (size_t)x), 3);
        }
}
