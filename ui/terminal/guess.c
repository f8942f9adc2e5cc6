#include "ui/terminal/guess.h"

#include "ui/terminal/background.h"
#include "ui/terminal/images.h"
#include "ui/terminal/type.h"
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(enum image_choice choice)
{
    static const char *const names[] = {"auto", "kitty", "sixel", "iterm", "sextants", "blocks", "ascii", "off"};

    return names[choice];
}

struct guess guess_terminal(void)
{
    static const char *const colours[] = {[TIER_NONE] = "none", "8", "256", "any"};
    struct images_screen screen = {.answers.background = -1, .display = true, .measured = true};

    screen.inside = getenv("TMUX");
    screen.unicode = !strcmp(nl_langinfo(CODESET), "UTF-8");
    struct type type = type_choose(COLOUR_AUTO, true, &screen.answers, screen.inside ? &screen.tmux : NULL);
    screen.tier = type_guess_colours(&type);
    return (struct guess){
        .entry = type.name && *type.name ? type.name : NULL,
        .colours = colours[screen.tier],
        .images = name_of(images_choose(IMAGES_AUTO, &screen)),
        .known = !type.unknown,
        .unicode = screen.unicode,
        .dark = background_is_dark(BACKGROUND_AUTO, -1),
    };
}

const char *guess_curses(void)
{
    return curses_version();
}
