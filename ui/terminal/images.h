/* How pictures are shown: as pixels by one of three protocols, or as characters.  Private to ui/terminal. */
#ifndef HUBSCOPE_UI_TERMINAL_IMAGES_H
#define HUBSCOPE_UI_TERMINAL_IMAGES_H

#include "ui/terminal/answers.h"
#include "ui/terminal/colour.h"
#include "ui/terminal/image_choice.h"
#include "ui/terminal/tmux.h"

/* What the choice depends on. */
struct images_screen {
    struct answers answers;
    bool inside; /* of tmux, as follows */
    struct tmux tmux;
    enum colour_tier tier;
    bool display, unicode;
    bool measured; /* the terminal says how large a cell is */
};

bool images_are_pixels(enum image_choice choice);

/* Resolves AUTO, and what the terminal cannot show. */
enum image_choice images_choose(enum image_choice choice, const struct images_screen *screen);

/* Whether the protocol has to be wrapped for tmux. */
bool images_are_wrapped(enum image_choice choice, const struct images_screen *screen);

#endif
