/* The screen as SVG.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_SVG_H
#define HUBSCOPE_UI_TERMINAL_SVG_H

#include "engine/base/error.h"
#include <stdio.h>

/* The whole screen.  -1 when memory is out. */
int svg_write(FILE *out, struct error *error);

#endif
