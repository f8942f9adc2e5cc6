/* What curses writes for one refresh: caught, shortened and sent at once.  Private to ui/terminal/terminal.c. */
#ifndef HUBSCOPE_UI_TERMINAL_FRAME_H
#define HUBSCOPE_UI_TERMINAL_FRAME_H

#include <stdbool.h>

/* From here to frame_send, what is written to the terminal's own descriptor is caught.  Nothing is caught without a
 * display, with `plainly`, or if the system does not let it; it is then sent as it is written. */
void frame_catch(bool plainly);
void frame_send(void);

void frame_stop(void);

#endif
