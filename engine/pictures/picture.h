/* Thumbnails: decoding (stb_image, or FFmpeg's libraries) and scaling.  A film strip is one picture with its frames
 * side by side. */
#ifndef HUBSCOPE_ENGINE_PICTURE_H
#define HUBSCOPE_ENGINE_PICTURE_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PICTURE_SIDE_MAX = 8192, /* of what is scaled to */
    PICTURE_BYTES_MAX = 32 << 20,
    PICTURE_PIXELS_MAX = 64 << 20,
};

struct picture {
    int width, height; /* of one frame, in pixels */
    int frames;        /* frames side by side in `rgb`, at least 1 */
    uint8_t *rgb;      /* (height, frames * width, 3), owned, released with free() */
};

/* Reads only the header of an encoded picture: its total width and height, within the limits above.  Import uses it to
 * refuse what could not be shown. */
int picture_size(const void *bytes, size_t size, int *width, int *height, struct error *error);

/* Decodes JPEG, PNG, BMP, GIF (first image), PSD, binary PGM and PPM, or TGA, and through FFmpeg's libraries WebP, AVIF
 * and TIFF; dimensions are checked before anything is allocated.  Exif's orientation is applied.  Transparency is
 * blended over black.  `frames` is the number of frames side by side (1: a still); a width that is not a multiple of
 * it is refused.  On failure *picture is zeroed. */
int picture_decode(const void *bytes, size_t size, int frames, struct picture *picture, struct error *error);
/* Changes the number of frames: those side by side in all of its width. */
int picture_split(struct picture *picture, int frames, struct error *error);
void picture_close(struct picture *picture); /* releases and zeroes; a zeroed picture is fine */

/* Scales frame `frame` to width x height RGB (width * height * 3 bytes) in linear light: by area when shrinking,
 * smoothly when enlarging.  Returns -1 if the frame does not exist, a side is not in 1 to PICTURE_SIDE_MAX, or when out
 * of memory. */
int picture_scale(const struct picture *picture, int frame, int width, int height, uint8_t *rgb);

/* The same as a JPEG, which the caller frees; null in the same cases. */
unsigned char *picture_jpeg(const struct picture *picture, int frame, int width, int height, size_t *size);

/* Whether stb_image alone shows the picture as it is: it is of a format of its own, and not to be turned. */
bool picture_is_plain(const void *bytes, size_t size);

/* Rank of a picture file's extension, also of formats that are not read, 0 for the most common; -1 for other files. */
int picture_ending(const char *ending);

#endif
