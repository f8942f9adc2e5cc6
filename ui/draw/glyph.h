/* Signs with a meaning, each with an ASCII substitute. */
#ifndef HUBSCOPE_UI_DRAW_GLYPH_H
#define HUBSCOPE_UI_DRAW_GLYPH_H

enum glyph {
    GLYPH_UP,
    GLYPH_DOWN,
    GLYPH_SAME,
    GLYPH_HUB,
    GLYPH_TARGET,
    GLYPH_POINTER,
    GLYPH_ELLIPSIS,
    GLYPH_BULLET,
    GLYPH_HORIZONTAL,
    GLYPH_VERTICAL,
    GLYPH_CROSS,
    GLYPH_TEE_DOWN,
    GLYPH_TEE_UP,
    GLYPH_TEE_RIGHT,
    GLYPH_TEE_LEFT,
    GLYPH_TOP_LEFT,
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_DOT,
    GLYPH_CURSOR,
    GLYPH_MORE,
    GLYPH_ARROW,
    GLYPH_MARK,
    GLYPHS
};
const char *glyph(enum glyph glyph); /* UTF-8 or ASCII, one column wide */

#endif
