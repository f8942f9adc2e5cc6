/* PNG files whose compressed pixels are far more than their size takes: stb_image would inflate all of them. */
#ifndef HUBSCOPE_ENGINE_PICTURES_PNG_H
#define HUBSCOPE_ENGINE_PICTURES_PNG_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the pixels fit the size in the header; true for what is damaged otherwise. */
bool png_is_bounded(const unsigned char *bytes, size_t size);

#endif
