/* Options on how the explorer draws and what it is driven by. */
#ifndef HUBSCOPE_APP_DISPLAY_OPTIONS_H
#define HUBSCOPE_APP_DISPLAY_OPTIONS_H

#include "app/options.h"
#include "ui/explorer/explorer.h"

struct display_options {
    const char *script;
    int colour, images, background; /* the enums of ui/terminal/terminal.h */
    bool still, ascii, no_mouse, no_display;
};

extern const struct option_group display_group;

void display_options_apply(const struct display_options *options, struct explorer_options *explorer);

#endif
