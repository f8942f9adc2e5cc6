/* Pictures as sixels, made by libsixel.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_SIXEL_H
#define HUBSCOPE_UI_TERMINAL_SIXEL_H

#include "engine/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool sixel_built_in(void);           /* libsixel was found when the program was built */
int sixel_open(struct error *error); /* loads it, unless that has been done; -1 if pictures cannot become sixels */

/* Encodes rgb (height, width, 3) with up to 256 colours of its own, from the introducer to the terminator; the caller
 * frees it.  Null when out of memory or if sixel_open fails. */
char *sixel_encoded(const uint8_t *rgb, int width, int height, size_t *size);

#endif
