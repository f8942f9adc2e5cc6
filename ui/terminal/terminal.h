/* The terminal: starting and restoring it, its size, and what it can show.
 *
 * Every way out (return, exit, signals, suspend) restores it. */
#ifndef HUBSCOPE_UI_TERMINAL_TERMINAL_H
#define HUBSCOPE_UI_TERMINAL_TERMINAL_H

#include "engine/base/error.h"
#include "engine/pictures/picture.h"
#include "ui/terminal/background.h"
#include "ui/terminal/colour.h"
#include "ui/terminal/image_choice.h"
#include <stdbool.h>
#include <stddef.h>

struct terminal_options {
    enum colour_choice colour; /* AUTO: what it promises; none with NO_COLOR set and not empty */
    enum image_choice images;
    enum background_choice background; /* AUTO: as the terminal answers, else COLORFGBG, else dark */
    bool ascii;                        /* no characters beyond ASCII; also when the locale is not UTF-8 */
    bool no_mouse;
    bool no_display; /* discard output (scripts and tests); size from LINES and COLUMNS or 24x80 */
};

/* Takes over the terminal (/dev/tty when standard input is a pipe): raw keys, keypad, cursor hidden, reports of the
 * mouse, marks around pasted text.  ui/terminal/event.h reads what it sends. */
int terminal_start(const struct terminal_options *options, struct error *error);
void terminal_stop(void);      /* restores it; harmless when not started */
void terminal_abandon(void);   /* the same without curses, for when memory is lacking */
void terminal_suspend(void);   /* restores, stops the process, takes over again when continued */
void terminal_redraw(void);    /* next refresh paints everything */
void terminal_refresh(void);   /* shows what was drawn; repaints everything after the process was
                                stopped from outside */
bool terminal_exhausted(void); /* a refresh was left out for lack of memory, of which curses dies */
bool terminal_stale(void);     /* the process was stopped from outside, and the screen is not repaired yet */
void terminal_resize(int rows, int columns); /* for scripts */
void terminal_beep(void);
bool terminal_send(const char *sequence, size_t size); /* as it is; false without a display */

int terminal_input(void); /* the descriptor to poll for keys; -1 without a display */
int terminal_rows(void);
int terminal_columns(void);

enum colour_tier terminal_tier(void);
bool terminal_unicode(void);
bool terminal_dark(void);
void terminal_set_background(enum background_choice choice); /* then start the theme again */
bool terminal_changed(void); /* a late answer, since the last call: start the theme again and draw everything */
bool terminal_unknown(void); /* TERM is not in terminfo, and a description of our own is in use */
enum image_choice terminal_images(void); /* resolved: not AUTO */
/* Shows pictures so from the next drawing on; refuses sixels without libsixel. */
int terminal_set_images(enum image_choice choice, struct error *error);
bool terminal_has_sixels(void); /* the program was built with libsixel */
bool terminal_pixels(void);     /* pictures are pixels: terminal_put_pixels draws them */
/* Fills cells with a frame of a picture in pixels, from the next refresh on; false if it cannot be. */
bool terminal_put_pixels(int y, int x, int rows, int columns, const struct picture *picture, int frame);
double terminal_cell_aspect(void); /* height of a cell by its width, as far as it is known */
/* Draws pictures as characters instead of pixels, from now on or no longer: for screenshots. */
void terminal_hold_pixels(bool held);
int terminal_more(void); /* a descriptor to poll: refresh when it is readable; -1 if there is none */

#endif
