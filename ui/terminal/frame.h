/* What curses writes for one refresh: caught, shortened and sent at once.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_FRAME_H
#define HUBSCOPE_UI_TERMINAL_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* From here to frame_send, what is written to the terminal's own descriptor is caught.  Nothing is caught without a
 * display, or if the system does not let it; it is then sent as it is written. */
void frame_catch(void);

/* Sends it, as it is with `plainly`.  Returns how often it has `text`. */
size_t frame_send(bool plainly, const char *text);

void frame_stop(void);

#endif
