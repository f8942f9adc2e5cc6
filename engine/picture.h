/* Thumbnails: decoding (stb_image) and scaling.  A film strip is one picture whose frames lie side by side. */
#ifndef HUBSCOPE_ENGINE_PICTURE_H
#define HUBSCOPE_ENGINE_PICTURE_H

#include "engine/error.h"
#include <stddef.h>
#include <stdint.h>

enum { PICTURE_SIDE_MAX = 8192, PICTURE_BYTES_MAX = 32 << 20, PICTURE_PIXELS_MAX = 64 << 20 };

struct picture {
    int width, height;  /* of one frame, in pixels */
    int frames;         /* side by side in `rgb`, at least 1 */
    uint8_t *rgb;       /* (height, frames * width, 3), owned */
};

/* Reads only the header of an encoded picture: its whole width and height, within the limits above.  Import uses it to
 * refuse what could not be shown. */
int picture_size(const void *bytes, size_t size, int *width, int *height, struct error *error);

/* Decodes JPEG, PNG, BMP or GIF bytes; dimensions are checked before anything is allocated.  `frames` is how many lie
 * side by side (1: a still); a width that is no multiple of it is refused. */
int picture_decode(const void *bytes, size_t size, int frames, struct picture *picture, struct error *error);
void picture_close(struct picture *picture);

/* Frame `frame` scaled to width x height RGB (width * height * 3 bytes) by area, in linear light. */
int picture_scale(const struct picture *picture, int frame, int width, int height, uint8_t *rgb);

#endif
