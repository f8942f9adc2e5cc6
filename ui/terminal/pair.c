#include "ui/terminal/pair.h"

#include <curses.h>

static enum colour_tier tier;
static int reserved;
enum { TABLE = 1023 };

void pair_start(enum colour_tier of)
{
    tier = of;
    reserved = 0;
    if (tier != TIER_NONE) /* curses grows its table now: it ends the program if it cannot */
        init_extended_pair(COLOR_PAIRS > TABLE ? TABLE : COLOR_PAIRS - 1, 0, 0);
}

/* Reduces the many colours of pictures: pairs are limited even where colours are not. */
static int frugal(int rgb)
{
    return colour_number(tier, rgb >= 0 && tier == TIER_DIRECT ? colour_quantised(rgb) : rgb);
}

int pair_of(int foreground, int background)
{
    if (tier == TIER_NONE)
        return 0;
    int pair = alloc_pair(frugal(foreground), frugal(background));
    return pair < 0 ? 0 : pair;
}

int pair_reserve(int foreground, int background)
{
    if (tier == TIER_NONE || reserved + 1 >= COLOR_PAIRS)
        return 0;
    int pair = ++reserved;
    return init_extended_pair(pair, colour_number(tier, foreground), colour_number(tier, background)) == OK ? pair : 0;
}

int pair_of_number(int foreground)
{
    int pair = tier == TIER_NONE ? 0 : alloc_pair(foreground, -1);

    return pair < 0 ? 0 : pair;
}
