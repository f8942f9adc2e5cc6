/* How a camera held a picture: Exif's orientation in JPEG, PNG, WebP and TIFF files, turns and mirroring in AVIF. */
#ifndef HUBSCOPE_ENGINE_PICTURES_ORIENTATION_H
#define HUBSCOPE_ENGINE_PICTURES_ORIENTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum orientation { ORIENTATION_PLAIN = 1, ORIENTATION_MOST = 8 };

/* 1 to 8 as Exif numbers them; 1 for files that say nothing. */
int orientation_of(const void *bytes, size_t size);

/* Whether width and height change places. */
bool orientation_swaps(int orientation);

/* Turns `from` (height, width, 3), as stored, into `to`, as shown. */
void orientation_apply(int orientation, const uint8_t *from, int width, int height, uint8_t *to);

#endif
