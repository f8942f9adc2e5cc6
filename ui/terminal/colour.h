/* RGB colours (0xRRGGBB) and what the palettes of terminals make of them. */
#ifndef HUBSCOPE_UI_TERMINAL_COLOUR_H
#define HUBSCOPE_UI_TERMINAL_COLOUR_H

/* Index of the colour that looks nearest: of the 240 fixed ones of xterm's palette (16..255; the
 * first sixteen are the user's), or of the eight basic ones. */
int colour_nearest_256(int rgb);
int colour_nearest_8(int rgb);

int colour_of_256(int index);  /* the RGB of an index; 0..15 as xterm has them by default */
int colour_quantised(int rgb); /* five bits a channel, so that pictures need few pairs */

int colour_mix(int a, int b, double share); /* `share` of b, the rest of a */

/* Contrast of two colours as WCAG 2 defines it: 1 to 21. */
double colour_contrast(int a, int b);

#endif
