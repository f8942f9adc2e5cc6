#include "ui/draw/glyph.h"

#include "ui/terminal/terminal.h"

const char *glyph(enum glyph glyph)
{
    static const char *const table[GLYPHS][2] = {
        [GLYPH_UP] = {"^", "▲"},           [GLYPH_DOWN] = {"v", "▼"},      [GLYPH_SAME] = {"=", "="},
        [GLYPH_HUB] = {"*", "◆"},          [GLYPH_TARGET] = {"@", "◉"},    [GLYPH_POINTER] = {">", "▸"},
        [GLYPH_ELLIPSIS] = {"~", "…"},     [GLYPH_BULLET] = {"-", "•"},    [GLYPH_HORIZONTAL] = {"-", "─"},
        [GLYPH_VERTICAL] = {"|", "│"},     [GLYPH_CROSS] = {"+", "┼"},     [GLYPH_TEE_DOWN] = {"+", "┬"},
        [GLYPH_TEE_UP] = {"+", "┴"},       [GLYPH_TEE_RIGHT] = {"+", "├"}, [GLYPH_TEE_LEFT] = {"+", "┤"},
        [GLYPH_TOP_LEFT] = {"+", "╭"},     [GLYPH_TOP_RIGHT] = {"+", "╮"}, [GLYPH_BOTTOM_LEFT] = {"+", "╰"},
        [GLYPH_BOTTOM_RIGHT] = {"+", "╯"}, [GLYPH_DOT] = {".", "·"},       [GLYPH_CURSOR] = {"_", "▏"},
        [GLYPH_MORE] = {"+", "⋯"},         [GLYPH_ARROW] = {">", "→"},     [GLYPH_MARK] = {"#", "■"},
    };

    return (unsigned)glyph < GLYPHS ? table[glyph][terminal_unicode()] : " ";
}
