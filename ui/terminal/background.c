#include "ui/terminal/background.h"

#include "ui/terminal/colour.h"

#include <stdlib.h>
#include <string.h>

/* COLORFGBG is "foreground;background" or "foreground;default;background" in
 * indexes of the basic palette. */
bool background_is_dark(enum background_choice choice, int answered)
{
    const char *colours = getenv("COLORFGBG"), *last = colours ? strrchr(colours, ';') : NULL;

    if (choice != BACKGROUND_AUTO)
        return choice == BACKGROUND_DARK;
    if (answered >= 0)
        return colour_contrast(answered, 0xffffff) > colour_contrast(answered, 0x000000);
    if (!last || last[1] < '0' || last[1] > '9')
        return true;
    int background = atoi(last + 1);
    return background < 7 || background == 8;
}
