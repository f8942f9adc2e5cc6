/* Pictures in formats that stb_image does not know, read through FFmpeg's libraries.  For picture.c alone. */
#ifndef HUBSCOPE_ENGINE_PICTURES_PICTURE_LIBRARY_H
#define HUBSCOPE_ENGINE_PICTURES_PICTURE_LIBRARY_H

#include "engine/base/error.h"
#include <stddef.h>
#include <stdint.h>

/* The size of the picture, as stored (orientation.h).  With `rgb` also its pixels (height, width, 3), blended over
 * black, which the caller frees; `rgb` may be null.  Errors do not name the picture.
 * Fails in a build without these libraries, or where they are not installed. */
int picture_library_read(const void *bytes, size_t size, int *width, int *height, uint8_t **rgb, struct error *error);

#endif
