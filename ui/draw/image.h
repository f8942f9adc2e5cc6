/* Pictures as pixels where the terminal shows them, else as cells: half blocks or, on request, sextants with colours,
 * an ASCII brightness ramp without, nothing when images are off. */
#ifndef HUBSCOPE_UI_DRAW_IMAGE_H
#define HUBSCOPE_UI_DRAW_IMAGE_H

#include "engine/pictures/picture.h"
#include "ui/draw/draw.h"

/* The largest picture of that aspect that fits the rectangle, in cells (a cell is taken to be twice
 * as high as wide unless its size is known). */
struct rect image_fit(struct rect r, int width, int height);

/* Draws frame `frame` (modulo the frames) to fill r exactly; a dotted frame when picture is null
 * (still loading). */
void image_draw(struct rect r, const struct picture *picture, int frame);

#endif
