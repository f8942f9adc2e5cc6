/* What a collection stores of a picture: its own bytes if they are few, else a scaled-down JPEG of it. */
#ifndef HUBSCOPE_ENGINE_THUMBNAIL_H
#define HUBSCOPE_ENGINE_THUMBNAIL_H

#include "engine/pictures/picture.h"

enum {
    THUMBNAIL_HEIGHT = 256,      /* at most */
    THUMBNAIL_WIDTH = 512,       /* of one frame, at most */
    THUMBNAIL_BYTES = 256 << 10, /* larger pictures are encoded again */
};

struct thumbnail {
    void *bytes; /* an encoded picture; owned */
    size_t size;
    int frames; /* side by side in it */
};

/* Encodes a picture, scaled down to the sides above. */
int thumbnail_encode(const struct picture *picture, struct thumbnail *thumbnail, struct error *error);

/* Makes a thumbnail from the bytes of a picture file with `frames` frames.  Always takes ownership of `bytes` (from
 * malloc).  Fails if a picture that needs scaling does not decode. */
int thumbnail_take(void *bytes, size_t size, int frames, struct thumbnail *thumbnail, struct error *error);

void thumbnail_close(struct thumbnail *thumbnail); /* releases and zeroes */

#endif
