#include "ui/draw/gauge.h"

#include "ui/terminal/terminal.h"

#include <math.h>

void gauge_bar(struct rect r, int y, int x, int columns, double value, double most, int style)
{
    static const char *const parts[9] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};

    if (columns > r.columns - x)
        columns = r.columns - x;
    if (!(value > 0) || !(most > 0) || columns < 1)
        return;
    double share = value / most > 1 ? 1 : value / most;
    int steps = terminal_unicode() ? 8 : 1, length = (int)lround(share * columns * steps);
    if (length < 1)
        length = 1; /* keeps a positive value visible */
    for (; length > 0; length -= steps, x++)
        if (terminal_unicode() && length >= 8)
            draw_block(r, y, x, style);
        else
            draw_text(r, y, x, style, terminal_unicode() ? parts[length] : "#");
}

static int place_on(double value, double most, int columns)
{
    double share = most > 0 && value > 0 ? value / most : 0;

    return (int)lround((share > 1 ? 1 : share) * (columns - 1));
}

const char *gauge_dot(bool later)
{
    return terminal_unicode() ? later ? "●" : "○" : later ? "@" : "o";
}

void gauge_move(struct rect r, int y, int x, int columns, const struct gauge_move *move)
{
    if (columns > r.columns - x)
        columns = r.columns - x;
    if (columns < 2)
        return;
    int from = place_on(move->from, move->most, columns), to = place_on(move->to, move->most, columns);
    for (int i = (from < to ? from : to) + 1; i < (from < to ? to : from); i++)
        draw_text(r, y, x + i, STYLE_DIM, glyph(GLYPH_HORIZONTAL));
    if (isfinite(move->fair))
        draw_text(r, y, x + place_on(move->fair, move->most, columns), STYLE_FAIR, glyph(GLYPH_VERTICAL));
    draw_text(r, y, x + from, move->from_style, gauge_dot(false));
    draw_text(r, y, x + to, move->to_style, gauge_dot(true));
}
