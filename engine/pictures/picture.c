#include "engine/pictures/picture.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"
#include "engine/pictures/orientation.h"
#include "engine/pictures/picture_library.h"
#include "engine/pictures/png.h"

#include <errno.h>
#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Targa files have no magic number: their header's fields must be consistent. */
static bool is_targa(const unsigned char *bytes, size_t size)
{
    if (size < 18 || bytes[1] > 1)
        return false;
    int type = bytes[2] & ~8, bits = bytes[16]; /* 8: run-length encoded */
    return (type == 1 && bytes[1] == 1 && bits == 8) ||
           (type == 2 && (bits == 15 || bits == 16 || bits == 24 || bits == 32)) ||
           (type == 3 && (bits == 8 || bits == 16));
}

static bool is_brand(const unsigned char *bytes, size_t size, const char *brand)
{
    return size >= 12 && memcmp(bytes + 4, "ftyp", 4) == 0 && memcmp(bytes + 8, brand, 4) == 0;
}

static bool is_webp(const unsigned char *bytes, size_t size)
{
    return size >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
}

static bool is_avif(const unsigned char *bytes, size_t size)
{
    return is_brand(bytes, size, "avif") || is_brand(bytes, size, "avis");
}

static bool is_heic(const unsigned char *bytes, size_t size)
{
    return is_brand(bytes, size, "heic") || is_brand(bytes, size, "heix") || is_brand(bytes, size, "mif1") ||
           is_brand(bytes, size, "msf1");
}

static bool is_svg(const unsigned char *bytes, size_t size)
{
    enum { LOOKED_AT = 1024 };

    return memmem(bytes, size < LOOKED_AT ? size : LOOKED_AT, "<svg", 4);
}

enum by { STB, LIBRARY, NOBODY }; /* who reads a format */

/* stb_image reads more formats than these; unneeded ones are kept out.  In the order in which messages name them, the
 * more common formats first. */
static const struct kind {
    const char *name, *endings;
    struct {
        const char *bytes;
        size_t size;
    } magic[2];
    bool (*matches)(const unsigned char *bytes, size_t size); /* for formats without a magic number */
    enum by by;
} kinds[] = {
    {"JPEG", "jpg jpeg", {{"\xff\xd8\xff", 3}}, NULL, STB},
    {"PNG", "png", {{"\x89PNG\r\n\x1a\n", 8}}, NULL, STB},
    {"GIF", "gif", {{"GIF87a", 6}, {"GIF89a", 6}}, NULL, STB},
    {"BMP", "bmp", {{"BM", 2}}, NULL, STB},
    {"WebP", "webp", {{NULL, 0}}, is_webp, LIBRARY},
    {"AVIF", "avif", {{NULL, 0}}, is_avif, LIBRARY},
    {"TIFF", "tif tiff", {{"II*\0", 4}, {"MM\0*", 4}}, NULL, LIBRARY},
    {"TGA", "tga", {{NULL, 0}}, is_targa, STB},
    {"PSD", "psd", {{"8BPS", 4}}, NULL, STB},
    {"PNM", "ppm pgm pnm", {{"P5", 2}, {"P6", 2}}, NULL, STB},
    {"HEIC", "heic heif", {{NULL, 0}}, is_heic, NOBODY},
    {"JPEG XL", "jxl", {{"\xff\x0a", 2}, {"\0\0\0\x0cJXL ", 8}}, NULL, NOBODY},
    {"JPEG 2000", "jp2 j2k", {{"\0\0\0\x0cjP  ", 8}, {"\xff\x4f\xff\x51", 4}}, NULL, NOBODY},
    {"SVG", "svg", {{NULL, 0}}, is_svg, NOBODY},
    {"OpenEXR", "exr", {{"\x76\x2f\x31\x01", 4}}, NULL, NOBODY},
    {"PDF", "pdf", {{"%PDF", 4}}, NULL, NOBODY},
};

enum { KINDS = sizeof kinds / sizeof *kinds, ENDINGS_MOST = 8 };

static const struct kind *find_kind(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < KINDS; i++) {
        for (size_t m = 0; m < 2 && kinds[i].magic[m].size; m++)
            if (size >= kinds[i].magic[m].size && memcmp(bytes, kinds[i].magic[m].bytes, kinds[i].magic[m].size) == 0)
                return &kinds[i];
        if (kinds[i].matches && kinds[i].matches(bytes, size))
            return &kinds[i];
    }
    return NULL;
}

static int refuse_format(const struct kind *kind, struct error *error)
{
    char names[120] = "";

    if (kind)
        return error_set(error, ERROR_INPUT, "is a %s picture, which is not read: convert it to JPEG or PNG",
                         kind->name);
    size_t read = 0;
    for (size_t i = 0; i < KINDS; i++)
        read += kinds[i].by != NOBODY;
    for (size_t i = 0; i < read; i++) /* those that nobody reads are the last */
        text_append(names, sizeof names, i + 1 < read ? ", " : " or ", kinds[i].name);
    return error_set(error, ERROR_INPUT, "is not a %s picture", names);
}

int picture_ending(const char *ending)
{
    for (int i = 0; i < KINDS; i++) {
        int word = text_word(kinds[i].endings, ending);
        if (word >= 0)
            return ENDINGS_MOST * i + word;
    }
    return -1;
}

bool picture_is_plain(const void *bytes, size_t size)
{
    const struct kind *kind = find_kind(bytes, size);

    return kind && kind->by == STB && orientation_of(bytes, size) == ORIENTATION_PLAIN;
}

struct header {
    const struct kind *kind;
    int width, height; /* as stored */
    int channels;      /* 2 and 4 have transparency; 3 for the library's */
    int orientation;
};

/* What stb_image could not read, with errno 0 before: it takes lack of memory for an unknown or damaged file. */
static int refuse(const char *what, struct error *error)
{
    return errno == ENOMEM ? error_memory(error)
                           : error_set(error, ERROR_INPUT, "%s is damaged (%s)", what, stbi_failure_reason());
}

static int check_size(const struct header *header, struct error *error)
{
    if (header->width < 1 || header->height < 1 || (int64_t)header->width * header->height > PICTURE_PIXELS_MAX)
        return error_set(error, ERROR_INPUT, "the picture is %d x %d pixels; at most %d million are accepted",
                         header->width, header->height, PICTURE_PIXELS_MAX / 1000000);
    return 0;
}

/* What the bytes say at once: all but the size of a picture for the library, which decodes it for that. */
static int begin_header(const void *bytes, size_t size, struct header *header, struct error *error)
{
    *header = (struct header){.kind = find_kind(bytes, size), .channels = 3};
    if (size > PICTURE_BYTES_MAX)
        return error_set(error, ERROR_INPUT, "the picture has %zu bytes; at most %d are accepted", size,
                         PICTURE_BYTES_MAX);
    if (!header->kind || header->kind->by == NOBODY)
        return refuse_format(header->kind, error);
    header->orientation = orientation_of(bytes, size);
    if (header->kind->by == LIBRARY)
        return 0;
    errno = 0;
    if (!stbi_info_from_memory(bytes, (int)size, &header->width, &header->height, &header->channels))
        return refuse("the picture's header", error);
    return check_size(header, error);
}

/* The size within the limits. */
static int read_header(const void *bytes, size_t size, struct header *header, struct error *error)
{
    if (begin_header(bytes, size, header, error))
        return -1;
    if (header->kind->by != LIBRARY)
        return 0;
    if (picture_library_read(bytes, size, &header->width, &header->height, NULL, error))
        return -1;
    return check_size(header, error);
}

static bool is_pnm(const unsigned char *bytes)
{
    return memcmp(bytes, "P5", 2) == 0 || memcmp(bytes, "P6", 2) == 0;
}

/* Bytes of a pixel if the file stores them uncompressed: stb_image does not check that they exist. 0 for other
 * formats. */
static size_t raw_pixel(const unsigned char *bytes, size_t size, int channels)
{
    if (is_pnm(bytes))
        return (size_t)channels;
    return is_targa(bytes, size) && !(bytes[2] & 8) ? (bytes[16] + 7u) / 8 : 0;
}

int picture_size(const void *bytes, size_t size, int *width, int *height, struct error *error)
{
    struct header header;

    if (read_header(bytes, size, &header, error))
        return -1;
    bool swaps = orientation_swaps(header.orientation);
    *width = swaps ? header.height : header.width;
    *height = swaps ? header.width : header.height;
    return 0;
}

/* Blends RGBA over black, packed to RGB in place. */
static void flatten(uint8_t *pixels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t channel = 0; channel < 3; channel++)
            pixels[3 * i + channel] = (uint8_t)((pixels[4 * i + channel] * pixels[4 * i + 3] + 127) / 255);
}

/* stb_image takes the bytes of such values in the wrong order, and reads beyond those of a grey picture. */
static bool is_deep_pnm(const unsigned char *bytes, size_t size)
{
    return is_pnm(bytes) && stbi_is_16_bit_from_memory(bytes, (int)size);
}

/* The pixels (height, width, 3), as stored; null on failure. */
static uint8_t *decode_stb(const void *bytes, size_t size, const struct header *header, struct error *error)
{
    int width, height, channels;
    size_t pixel = raw_pixel(bytes, size, header->channels), cells = (size_t)header->width * (size_t)header->height;

    if (is_deep_pnm(bytes, size)) {
        error_set(error, ERROR_INPUT, "is a PNM picture of 16 bits, which is not read: convert it to PNG");
        return NULL;
    }
    if (pixel && size / pixel < cells) {
        error_set(error, ERROR_INPUT, "the picture is damaged (it is cut short)");
        return NULL;
    }
    if (memcmp(bytes, "\x89PNG", 4) == 0 && !png_is_bounded(bytes, size)) {
        error_set(error, ERROR_INPUT, "the picture is damaged (it holds more pixels than its size takes)");
        return NULL;
    }
    bool transparent = header->channels == 2 || header->channels == 4;
    errno = 0;
    uint8_t *rgb = stbi_load_from_memory(bytes, (int)size, &width, &height, &channels, transparent ? 4 : 3);
    if (!rgb) {
        refuse("the picture", error);
        return NULL;
    }
    if (width != header->width || height != header->height) {
        stbi_image_free(rgb);
        error_set(error, ERROR_INPUT, "the picture's header contradicts itself");
        return NULL;
    }
    if (transparent)
        flatten(rgb, cells);
    return rgb;
}

/* Sets the size, too. */
static uint8_t *decode_library(const void *bytes, size_t size, struct header *header, struct error *error)
{
    uint8_t *rgb = NULL;

    if (picture_library_read(bytes, size, &header->width, &header->height, &rgb, error))
        return NULL;
    if (check_size(header, error)) {
        free(rgb);
        return NULL;
    }
    return rgb;
}

/* Becomes what is shown; takes over the pixels. */
static uint8_t *apply(const struct header *header, uint8_t *rgb, struct error *error)
{
    if (header->orientation == ORIENTATION_PLAIN)
        return rgb;
    uint8_t *shown = memory_array((size_t)header->width * (size_t)header->height, 3);
    if (shown)
        orientation_apply(header->orientation, rgb, header->width, header->height, shown);
    else
        error_memory(error);
    free(rgb);
    return shown;
}

int picture_split(struct picture *picture, int frames, struct error *error)
{
    int width = picture->width * picture->frames;

    if (frames < 1 || width % frames != 0)
        return error_set(error, ERROR_INPUT, "the picture is %d pixels wide, which %d frames cannot share", width,
                         frames);
    picture->width = width / frames;
    picture->frames = frames;
    return 0;
}

int picture_decode(const void *bytes, size_t size, int frames, struct picture *picture, struct error *error)
{
    struct header header;

    *picture = (struct picture){0};
    if (begin_header(bytes, size, &header, error))
        return -1;
    uint8_t *rgb =
        header.kind->by == STB ? decode_stb(bytes, size, &header, error) : decode_library(bytes, size, &header, error);
    if (rgb)
        rgb = apply(&header, rgb, error);
    if (!rgb)
        return -1;
    bool swaps = orientation_swaps(header.orientation);
    int width = swaps ? header.height : header.width, height = swaps ? header.width : header.height;
    *picture = (struct picture){.width = width, .height = height, .frames = 1, .rgb = rgb};
    if (picture_split(picture, frames, error) == 0)
        return 0;
    picture_close(picture);
    return -1;
}

void picture_close(struct picture *picture)
{
    stbi_image_free(picture->rgb);
    *picture = (struct picture){0};
}

int picture_scale(const struct picture *picture, int frame, int width, int height, uint8_t *rgb)
{
    if (frame < 0 || frame >= picture->frames || width < 1 || height < 1 || width > PICTURE_SIDE_MAX ||
        height > PICTURE_SIDE_MAX)
        return -1;
    bool grows = width > picture->width || height > picture->height;
    int stride = 3 * picture->frames * picture->width;
    const uint8_t *start = picture->rgb + (size_t)3 * (size_t)frame * (size_t)picture->width;
    int scaled = stbir_resize_uint8_generic(
        start, picture->width, picture->height, stride, rgb, width, height, 3 * width, 3, STBIR_ALPHA_CHANNEL_NONE, 0,
        STBIR_EDGE_CLAMP, grows ? STBIR_FILTER_CATMULLROM : STBIR_FILTER_BOX, STBIR_COLORSPACE_SRGB, NULL);
    return scaled ? 0 : -1;
}
