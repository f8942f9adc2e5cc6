#include "ui/terminal/images.h"

#include "ui/terminal/sixel.h"

#include <stdio.h>
#include <string.h>

bool images_are_pixels(enum image_choice choice)
{
    return choice == IMAGES_KITTY || choice == IMAGES_SIXEL || choice == IMAGES_ITERM;
}

/* tmux knows sixels itself from 3.4 on. */
bool images_are_wrapped(enum image_choice choice, const struct images_screen *screen)
{
    return screen->inside && images_are_pixels(choice) && !(choice == IMAGES_SIXEL && screen->answers.sixel);
}

/* Whether the protocol gets to the terminal: tmux hands it on if the user has allowed that. */
static bool arrives(enum image_choice choice, const struct images_screen *screen)
{
    bool placed = choice == IMAGES_KITTY || !screen->tmux.moved;

    return !images_are_wrapped(choice, screen) || (screen->tmux.passes && placed);
}

/* The terminal that shows them: the one around tmux. */
static const char *name_of(const struct images_screen *screen)
{
    return screen->inside ? screen->tmux.name : screen->answers.name;
}

static bool named(const struct images_screen *screen, const char *name)
{
    return strncmp(name_of(screen), name, strlen(name)) == 0;
}

/* kitty from 0.28 on, and others that took its placeholders over; which ones cannot be asked. */
static bool knows_placeholders(const struct images_screen *screen)
{
    int major = 0, minor = 0;

    if (sscanf(name_of(screen), "kitty(%d.%d", &major, &minor) == 2)
        return major > 0 || minor >= 28;
    return named(screen, "ghostty") || named(screen, "Rio");
}

/* The protocol that the terminal's name or its attributes promise; AUTO if they promise none. */
static enum image_choice promised(const struct images_screen *screen)
{
    if (knows_placeholders(screen) && screen->tier >= TIER_256 && arrives(IMAGES_KITTY, screen))
        return IMAGES_KITTY;
    if ((named(screen, "iTerm2") || named(screen, "WezTerm") || named(screen, "mintty")) &&
        arrives(IMAGES_ITERM, screen))
        return IMAGES_ITERM;
    return screen->answers.sixel && sixel_open(NULL) == 0 ? IMAGES_SIXEL : IMAGES_AUTO;
}

/* Pixels where they are promised; else characters. */
enum image_choice images_choose(enum image_choice choice, const struct images_screen *screen)
{
    bool pixels = screen->unicode && screen->display;

    if (choice == IMAGES_AUTO && pixels && screen->measured && screen->tier != TIER_NONE)
        choice = promised(screen);
    if (images_are_pixels(choice) &&
        (!pixels || !arrives(choice, screen) || (choice == IMAGES_KITTY && screen->tier < TIER_256)))
        choice = IMAGES_AUTO;
    /* eight colours dither to noise at this size: a ramp in colour is easier to recognise */
    if (choice == IMAGES_AUTO)
        choice = screen->tier >= TIER_256 ? IMAGES_BLOCKS : IMAGES_ASCII;
    if (choice == IMAGES_SEXTANTS && screen->tier < TIER_256)
        choice = IMAGES_BLOCKS;
    if ((choice == IMAGES_BLOCKS || choice == IMAGES_SEXTANTS) && (screen->tier == TIER_NONE || !screen->unicode))
        choice = IMAGES_ASCII;
    return choice;
}
