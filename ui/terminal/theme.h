/* What each kind of text looks like.  One table per colour tier and background in theme.c; every
 * meaning is also carried by an attribute or a glyph, so that a terminal without colour loses
 * nothing. */
#ifndef HUBSCOPE_UI_TERMINAL_THEME_H
#define HUBSCOPE_UI_TERMINAL_THEME_H

#include <stdbool.h>

enum style {
    STYLE_TEXT,
    STYLE_DIM,      /* labels, secondary numbers */
    STYLE_LINE,     /* lines between panes, frames, tracks: no text */
    STYLE_STRONG,   /* titles of panes, the number that matters */
    STYLE_BAR,      /* header and footer lines */
    STYLE_BAR_ITEM, /* the chosen tab or rule in them */
    STYLE_KEY,      /* a key in the footer and in help */
    STYLE_RULE_A,   /* the compared rule, wherever it is drawn */
    STYLE_RULE_B,   /* the current rule */
    STYLE_RULE_C,   /* the third column's rule */
    STYLE_UP,       /* better: rank up, query helped, mass closer to fair */
    STYLE_DOWN,     /* worse */
    STYLE_HUB,
    STYLE_ANTIHUB,
    STYLE_TARGET,  /* the evaluation query's own video */
    STYLE_FAIR,    /* the fair share line */
    STYLE_BANK,    /* what bank queries retrieve, which no rule does */
    STYLE_ASKED,   /* what evaluation queries retrieve, beside that */
    STYLE_INPUT,   /* text being typed */
    STYLE_UNKNOWN, /* words the encoder ignores */
    STYLE_GUESSED, /* words it knows parts of */
    STYLE_ERROR,
    STYLE_POINT, /* what a lesson points at */
    STYLES,
    STYLE_SELECTED = 0x100, /* or-ed: the row under the selection in the focused pane */
    STYLE_MARKED = 0x200,   /* or-ed: the selected item in a pane that has no focus */
    STYLE_ON_BAR = 0x400    /* or-ed: on a header or footer line: STYLE_KEY | STYLE_ON_BAR is a key in
                            the footer */
};

enum theme { THEME_USUAL, THEME_SAFE /* shows better and worse by blue and orange, not green and red */ };
void theme_choose(enum theme theme); /* from the next theme_start on */
void theme_start(void);              /* call after terminal_start */

/* While set, everything is drawn dim, with its selection.  Returns what it was. */
bool theme_dim(bool dim);

/* 0xRRGGBB of a style's foreground, for charts that blend; -1 for the default. */
int theme_colour(int style);
int theme_ground(int style); /* the same for its background */

/* The colours assumed for the terminal's own background and text in 256 and direct colours; styles are readable on this
 * paper. */
int theme_paper(void);
int theme_ink(void);

/* For ui/terminal/screen.c: sets attributes and colours of what is drawn next, to a style, or to the foregrounds of two
 * styles, one over the other, as for a line across a bar.  Without colours only the attributes of `above` are set. */
void theme_set(int style);
void theme_set_over(int above, int below);

#endif
