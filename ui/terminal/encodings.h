/* Pictures encoded for the terminal by a thread of their own, and kept while there is room.  Private to ui/terminal;
 * for the thread of the screen alone. */
#ifndef HUBSCOPE_UI_TERMINAL_ENCODINGS_H
#define HUBSCOPE_UI_TERMINAL_ENCODINGS_H

#include "engine/pictures/picture.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum protocol { PROTOCOL_SIXEL, PROTOCOL_ITERM, PROTOCOL_KITTY };

/* A picture scaled to width x height pixels, of which a part is shown. */
struct encoding {
    uint64_t content; /* a digest of its pixels */
    int width, height;
    int x, y, part_width, part_height;
    int columns, rows; /* the part in cells */
};

bool encodings_start(enum protocol protocol); /* false: there is no thread */
void encodings_stop(void);                    /* harmless when not started */

/* What draws the first frame of a picture at the cursor (for kitty, its pixels in base64); null while it is being
 * made (the call requests it) and if that failed.  Valid until the next call. */
const char *encodings_find(const struct encoding *encoding, const struct picture *picture, size_t *size);

/* A digest of a frame's pixels from row `top` and column `left` to before `bottom` and `right`, as far as they exist; a
 * copy of the frame, false when out of memory. */
uint64_t encodings_digest(const struct picture *picture, int frame, int top, int left, int bottom, int right);
bool encodings_copy(const struct picture *picture, int frame, struct picture *copy);

int encodings_descriptor(void); /* readable when more are ready; -1 when not started */
void encodings_hear(void);      /* so that it is not readable any longer */

#endif
