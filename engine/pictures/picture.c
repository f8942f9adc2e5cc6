#include "engine/pictures/picture.h"
#include "engine/base/text.h"

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

/* stb_image reads more formats than these; unneeded ones are kept out.  In the order in which messages name them, the
 * more common formats first. */
static const struct {
    const char *name, *endings;
    struct {
        const char *bytes;
        size_t size;
    } magic[2];
    bool (*matches)(const unsigned char *bytes, size_t size); /* for formats without a magic number */
} kinds[] = {
    {"JPEG", "jpg jpeg", {{"\xff\xd8\xff", 3}}, NULL},
    {"PNG", "png", {{"\x89PNG\r\n\x1a\n", 8}}, NULL},
    {"GIF", "gif", {{"GIF87a", 6}, {"GIF89a", 6}}, NULL},
    {"BMP", "bmp", {{"BM", 2}}, NULL},
    {"TGA", "tga", {{NULL, 0}}, is_targa},
    {"PSD", "psd", {{"8BPS", 4}}, NULL},
    {"PNM", "ppm pgm pnm", {{"P5", 2}, {"P6", 2}}, NULL},
};

enum { KINDS = sizeof kinds / sizeof *kinds, ENDINGS_MOST = 8 };

static bool is_known_format(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < KINDS; i++) {
        for (size_t m = 0; m < 2 && kinds[i].magic[m].size; m++)
            if (size >= kinds[i].magic[m].size && memcmp(bytes, kinds[i].magic[m].bytes, kinds[i].magic[m].size) == 0)
                return true;
        if (kinds[i].matches && kinds[i].matches(bytes, size))
            return true;
    }
    return false;
}

static int refuse_format(struct error *error)
{
    char names[120] = "";

    for (size_t i = 0; i < KINDS; i++)
        text_append(names, sizeof names, i + 1 < KINDS ? ", " : " or ", kinds[i].name);
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

/* Like picture_size, with the number of channels: 2 and 4 have transparency. */
static int read_header(const void *bytes, size_t size, int *width, int *height, int *channels, struct error *error)
{
    if (size > PICTURE_BYTES_MAX)
        return error_set(error, ERROR_INPUT, "the picture has %zu bytes; at most %d are accepted", size,
                         PICTURE_BYTES_MAX);
    if (!is_known_format(bytes, size))
        return refuse_format(error);
    if (!stbi_info_from_memory(bytes, (int)size, width, height, channels))
        return error_set(error, ERROR_INPUT, "the picture's header is damaged (%s)", stbi_failure_reason());
    if (*width < 1 || *height < 1 || *width > PICTURE_SIDE_MAX || *height > PICTURE_SIDE_MAX ||
        (long)*width * *height > PICTURE_PIXELS_MAX)
        return error_set(error, ERROR_INPUT, "the picture is %d x %d pixels; 1 to %d a side are accepted", *width,
                         *height, PICTURE_SIDE_MAX);
    return 0;
}

/* Bytes of a pixel if the file stores them uncompressed: stb_image does not check that they exist. 0 for other
 * formats. */
static size_t raw_pixel(const unsigned char *bytes, size_t size, int channels)
{
    if (memcmp(bytes, "P5", 2) == 0 || memcmp(bytes, "P6", 2) == 0)
        return (size_t)channels * (stbi_is_16_bit_from_memory(bytes, (int)size) ? 2 : 1);
    return is_targa(bytes, size) && !(bytes[2] & 8) ? (bytes[16] + 7u) / 8 : 0;
}

int picture_size(const void *bytes, size_t size, int *width, int *height, struct error *error)
{
    int channels;

    return read_header(bytes, size, width, height, &channels, error);
}

/* Blends RGBA over black, packed to RGB in place. */
static void flatten(uint8_t *pixels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t channel = 0; channel < 3; channel++)
            pixels[3 * i + channel] = (uint8_t)((pixels[4 * i + channel] * pixels[4 * i + 3] + 127) / 255);
}

int picture_decode(const void *bytes, size_t size, int frames, struct picture *picture, struct error *error)
{
    int width, height, channels, decoded_width, decoded_height;

    *picture = (struct picture){0};
    if (read_header(bytes, size, &width, &height, &channels, error))
        return -1;
    if (frames < 1 || width % frames != 0)
        return error_set(error, ERROR_INPUT, "the picture is %d pixels wide, which %d frames cannot share", width,
                         frames);
    size_t pixel = raw_pixel(bytes, size, channels);
    if (pixel && size / pixel < (size_t)width * (size_t)height)
        return error_set(error, ERROR_INPUT, "the picture is damaged (it is cut short)");
    bool transparent = channels == 2 || channels == 4;
    uint8_t *rgb =
        stbi_load_from_memory(bytes, (int)size, &decoded_width, &decoded_height, &channels, transparent ? 4 : 3);
    if (!rgb)
        return error_set(error, ERROR_INPUT, "the picture is damaged (%s)", stbi_failure_reason());
    if (decoded_width != width || decoded_height != height) {
        stbi_image_free(rgb);
        return error_set(error, ERROR_INPUT, "the picture's header contradicts itself");
    }
    if (transparent)
        flatten(rgb, (size_t)width * (size_t)height);
    *picture = (struct picture){.width = width / frames, .height = height, .frames = frames, .rgb = rgb};
    return 0;
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
