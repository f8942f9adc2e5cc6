#include "ui/terminal/pair.h"

#include "ui/terminal/last_line.h"

#include <curses.h>

static enum colour_tier tier;
static int reserved;

void pair_start(enum colour_tier of)
{
    tier = of;
    reserved = 0;
}

/* Reduces the many colours of pictures: pairs are limited even where colours are not. */
static int frugal(int rgb)
{
    return colour_number(tier, rgb >= 0 && tier == TIER_DIRECT ? colour_quantised(rgb) : rgb);
}

/* Only a new pair takes memory; a known one becomes the last that is taken away from its colours. */
static int pair_take(int foreground, int background)
{
    bool fresh = find_pair(foreground, background) < 0;

    if (fresh)
        last_line_begin();
    int pair = alloc_pair(foreground, background);
    if (fresh)
        last_line_end();
    return pair < 0 ? 0 : pair;
}

int pair_of(int foreground, int background)
{
    return tier == TIER_NONE ? 0 : pair_take(frugal(foreground), frugal(background));
}

int pair_reserve(int foreground, int background)
{
    if (tier == TIER_NONE || reserved + 1 >= COLOR_PAIRS)
        return 0;
    int pair = ++reserved;
    last_line_begin();
    bool made = init_extended_pair(pair, colour_number(tier, foreground), colour_number(tier, background)) == OK;
    last_line_end();
    return made ? pair : 0;
}

int pair_of_number(int foreground)
{
    return tier == TIER_NONE ? 0 : pair_take(foreground, -1);
}
