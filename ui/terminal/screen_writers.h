/* Writers of the screen, one for each SCREEN of engine/results/formats.def.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_SCREEN_WRITERS_H
#define HUBSCOPE_UI_TERMINAL_SCREEN_WRITERS_H

#include "engine/base/error.h"
#include <stdio.h>

/* Writes the whole screen.  Returns 0, or -1 when out of memory. */
#define FORMAT(id)
#define PAGE(id, ...)
#define SCREEN(id, ...) int screen_write_##id(FILE *out, struct error *error);
#include "engine/results/formats.def"
#undef FORMAT
#undef PAGE
#undef SCREEN

#endif
