/* What curses writes for one refresh: caught, shortened and sent at once.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_FRAME_H
#define HUBSCOPE_UI_TERMINAL_FRAME_H

#include "ui/terminal/colour.h"
#include <stddef.h>

/* From here to frame_send, what is written to the terminal's own descriptor is caught.  Nothing is caught without a
 * display, or if the system does not let it; it is then sent as it is written. */
void frame_catch(void);

/* Sends what shows the same on a terminal with these colours.  Returns how often that has `text`. */
size_t frame_send(enum colour_tier tier, const char *text);

void frame_forget(void); /* the terminal may have another pen or show something else */

void frame_stop(void);

#endif
