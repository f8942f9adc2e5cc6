/* RGB colours (0xRRGGBB) and how the palettes of terminals show them. */
#ifndef HUBSCOPE_UI_TERMINAL_COLOUR_H
#define HUBSCOPE_UI_TERMINAL_COLOUR_H

/* What the user asks for, and what a terminal can show: no colours, the eight basic ones, xterm's 256, or any. */
enum colour_choice { COLOUR_AUTO, COLOUR_NEVER, COLOUR_8, COLOUR_256, COLOUR_DIRECT };
enum colour_tier { TIER_NONE, TIER_8, TIER_256, TIER_DIRECT };

/* The terminal's number for the nearest colour it has; -1 for the default colour (rgb below 0), and always without
 * colours. */
int colour_number(enum colour_tier tier, int rgb);
/* The colour that number actually shows, as RGB; -1 where the number is -1. */
int colour_shown(enum colour_tier tier, int rgb);

/* Index of the colour that looks nearest: among the 240 fixed ones of xterm's palette (16..255; the first sixteen are
 * the user's), or among the eight basic ones. */
int colour_nearest_256(int rgb);
int colour_nearest_8(int rgb);

int colour_of_256(int index);  /* the RGB of an index; 0..15: xterm's defaults */
int colour_quantised(int rgb); /* five bits a channel, so that pictures need few pairs */

int colour_mix(int a, int b, double share); /* `share` of b, the rest of a */

/* Contrast of two colours as WCAG 2 defines it: 1 to 21. */
double colour_contrast(int a, int b);

#endif
