/* The only module that knows the terminal: starting and restoring it, its size, colours and glyphs.
 *
 * Every way out (return, exit, signals, suspend) leaves the terminal as it was found.  All drawing
 * goes to stdscr. */
#ifndef HUBSCOPE_UI_TERMINAL_TERMINAL_H
#define HUBSCOPE_UI_TERMINAL_TERMINAL_H

#include "engine/base/error.h"
#include <stdbool.h>
#include <stddef.h>

enum colour_choice { COLOUR_AUTO, COLOUR_NEVER, COLOUR_8, COLOUR_256, COLOUR_DIRECT };
enum image_choice { IMAGES_AUTO, IMAGES_BLOCKS, IMAGES_ASCII, IMAGES_OFF };
enum background_choice { BACKGROUND_AUTO, BACKGROUND_DARK, BACKGROUND_LIGHT };

struct terminal_options {
    enum colour_choice colour; /* AUTO: the terminal's own, none with NO_COLOR set and not empty */
    enum image_choice images;
    enum background_choice background; /* AUTO: COLORFGBG, else dark */
    bool ascii; /* no characters beyond ASCII; also when the locale is not UTF-8 */
    bool no_mouse;
    bool no_display; /* draw to nowhere (scripts and tests); size from LINES and COLUMNS or 24x80 */
};

enum colour_tier { TIER_NONE, TIER_8, TIER_256, TIER_DIRECT };

/* Takes over the terminal (/dev/tty when standard input is a pipe): raw keys, keypad, cursor
 * hidden, non-blocking reads. With the mouse, presses of button 1 and the wheel (buttons 4 and 5)
 * arrive at once as KEY_MOUSE; whoever reads them tells double clicks by their time.  Pasted text
 * arrives between ESC[200~ and ESC[201~. */
int terminal_start(const struct terminal_options *options, struct error *error);
void terminal_stop(void);    /* restores it; harmless when not started */
void terminal_suspend(void); /* restores, stops the process, takes over again when continued */
void terminal_redraw(void);  /* next refresh paints everything */
void terminal_refresh(void); /* shows what was drawn; repaints everything after the process was
                                stopped from outside */
bool terminal_stale(void);   /* the process was stopped from outside, and the screen is not repaired yet */
void terminal_resize(int rows, int columns); /* for scripts */
void terminal_beep(void);

int terminal_input(void); /* the descriptor to poll for keys; -1 without a display */
int terminal_rows(void);
int terminal_columns(void);

enum colour_tier terminal_tier(void);
bool terminal_unicode(void);
bool terminal_dark(void);
enum image_choice terminal_images(void); /* resolved: BLOCKS, ASCII or OFF */

/* A colour pair for two RGB colours (0xRRGGBB) in the best the terminal has; -1 for the default
 * colour.  0 where there are no colours.  A reserved pair is never recycled: for the few of a
 * theme; others are for pictures and charts. */
int terminal_pair(int foreground, int background);
int terminal_reserve_pair(int foreground, int background);

/* The colour that really shows for an RGB colour in this tier, as RGB. */
int terminal_shown(int rgb);

/* Writes the screen as text, one line a row without trailing blanks; with SGR colour sequences and
 * full rows when the name ends in .ansi or .ans; as a picture when it ends in .svg. */
int terminal_save(const char *path, struct error *error);

#endif
